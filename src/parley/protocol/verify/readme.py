"""The one text for people that lies in every export. Source: Spec §11.2.5."""

from typing import Final

_TEXT: Final = """\
PARLEY EXPORT: WHAT TWO SIDES SAID, AND ITS PROOF
PARLEY 导出文件：双方的声明及其证明

This file can be checked by anybody, without a network and without trusting either side.

1. Obtain the sixty digits of the link from somewhere else than this file: a gazette, the minutes
   of the pairing, or both governments. They stand for the keys of both sides.
2. Run:  python3 verify.pyz FILE.zip --digits "15520 80606 ..."
   (Python 3.11 or later with the package "cryptography"), or open verify.html in a browser
   and drop the file there. Use a copy of these programs that did not come with this file.
3. Read every sentence that is printed, the last ones too: they say what is not proved.

How to check it with a program of your own: Parley, specification of the link protocol, chapter 11.
This text is the same in every export. It is not evidence.

任何人均可核验本文件，无需网络，也无需信任任何一方。

1. 从本文件以外的来源取得链路的六十位核对数字：公报、配对记录或双方政府。它们代表双方的密钥。
2. 运行：python3 verify.pyz FILE.zip --digits "15520 80606 ..." --lang zh
   （需要 Python 3.11 或更高版本及 cryptography 软件包），或在浏览器中打开 verify.html 并将文件拖入。
   请使用并非随本文件一同取得的程序。
3. 阅读输出的每一句话，包括最后几句：它们说明哪些内容未获证明。

自行编写程序核验的方法，见 Parley 链路协议规范第 11 章。
本说明在每个导出文件中均相同，不属于证据。
"""

README: Final = _TEXT.encode("utf-8")
