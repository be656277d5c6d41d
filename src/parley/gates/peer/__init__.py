"""The door between two nodes: parcels in (`listener`) and parcels out (`courier`)."""
