"""iCloud: a real CalDAV server, Radicale, behind a front that hops and is strict as iCloud is."""
