// Checks what Parley hands out with golang.org/x/mod/sumdb, which knows nothing of Parley.
//
//	sumdb proof  VKEY ENTRY PROOF        one statement as c2sp.org/tlog-proof@v1
//	sumdb tiles  VKEY URL INDEX ENTRY    the same statement out of the tiles of a log
//
// It prints "size <n>", or what is wrong, and ends with 0 or 1.
package main

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"
	"golang.org/x/mod/sumdb/tlog"
)

func main() {
	var err error
	switch {
	case len(os.Args) == 5 && os.Args[1] == "proof":
		err = proof(os.Args[2], os.Args[3], os.Args[4])
	case len(os.Args) == 6 && os.Args[1] == "tiles":
		err = tiles(os.Args[2], os.Args[3], os.Args[4], os.Args[5])
	default:
		err = fmt.Errorf("wrong words")
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// tree returns what a checkpoint that the key signed says.
func tree(vkey string, checkpoint []byte) (tlog.Tree, error) {
	verifier, err := note.NewVerifier(vkey)
	if err != nil {
		return tlog.Tree{}, err
	}
	opened, err := note.Open(checkpoint, note.VerifierList(verifier))
	if err != nil {
		return tlog.Tree{}, err
	}
	lines := strings.Split(opened.Text, "\n")
	if len(lines) != 4 || lines[0] != verifier.Name() {
		return tlog.Tree{}, fmt.Errorf("not a checkpoint of this log")
	}
	size, err := strconv.ParseInt(lines[1], 10, 64)
	if err != nil {
		return tlog.Tree{}, err
	}
	root, err := tlog.ParseHash(lines[2])
	return tlog.Tree{N: size, Hash: root}, err
}

func proof(vkey, entryFile, proofFile string) error {
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return err
	}
	text, err := os.ReadFile(proofFile)
	if err != nil {
		return err
	}
	head, checkpoint, found := bytes.Cut(text, []byte("\n\n"))
	lines := strings.Split(string(head), "\n")
	if !found || len(lines) < 2 || lines[0] != "c2sp.org/tlog-proof@v1" {
		return fmt.Errorf("not a proof")
	}
	index, err := strconv.ParseInt(strings.TrimPrefix(lines[1], "index "), 10, 64)
	if err != nil {
		return err
	}
	var path tlog.RecordProof
	for _, line := range lines[2:] {
		raw, err := base64.StdEncoding.DecodeString(line)
		if err != nil || len(raw) != tlog.HashSize {
			return fmt.Errorf("not a hash: %q", line)
		}
		var hash tlog.Hash
		copy(hash[:], raw)
		path = append(path, hash)
	}
	signed, err := tree(vkey, checkpoint)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, signed.N, signed.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	fmt.Printf("size %d\n", signed.N)
	return nil
}

// reader reads tiles of height 8 under a URL; C2SP leaves the height out of the path.
type reader struct{ url string }

func (r reader) Height() int { return 8 }

func (r reader) SaveTiles([]tlog.Tile, [][]byte) {}

func (r reader) ReadTiles(wanted []tlog.Tile) ([][]byte, error) {
	var found [][]byte
	for _, tile := range wanted {
		content, err := get(r.url + "/tile/" + strings.TrimPrefix(tile.Path(), "tile/8/"))
		if err != nil {
			return nil, err
		}
		found = append(found, content)
	}
	return found, nil
}

func get(url string) ([]byte, error) {
	answer, err := http.Get(url)
	if err != nil {
		return nil, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%s: %s", url, answer.Status)
	}
	return io.ReadAll(answer.Body)
}

func tiles(vkey, url, indexText, entryFile string) error {
	entry, err := os.ReadFile(entryFile)
	if err != nil {
		return err
	}
	index, err := strconv.ParseInt(indexText, 10, 64)
	if err != nil {
		return err
	}
	checkpoint, err := get(url + "/checkpoint")
	if err != nil {
		return err
	}
	signed, err := tree(vkey, checkpoint)
	if err != nil {
		return err
	}
	// TileHashReader checks every tile that it reads against the signed root.
	hashes := tlog.TileHashReader(signed, reader{url})
	path, err := tlog.ProveRecord(signed.N, index, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckRecord(path, signed.N, signed.Hash, index, tlog.RecordHash(entry)); err != nil {
		return err
	}
	older, err := tlog.TreeHash(index+1, hashes)
	if err != nil {
		return err
	}
	grown, err := tlog.ProveTree(signed.N, index+1, hashes)
	if err != nil {
		return err
	}
	if err := tlog.CheckTree(grown, signed.N, signed.Hash, index+1, older); err != nil {
		return err
	}
	fmt.Printf("size %d\n", signed.N)
	return nil
}
