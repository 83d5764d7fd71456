extension RunSchema {
    /// Which digests the names of images meant, which container ran which, and from where the bytes came.
    static let imageVersions = """
        CREATE TABLE image_version (
            id INTEGER PRIMARY KEY,
            image INTEGER NOT NULL REFERENCES text,
            digest TEXT NOT NULL,
            bytes INTEGER NOT NULL,
            first_ns INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE container_image (
            id INTEGER PRIMARY KEY,
            pod INTEGER NOT NULL REFERENCES pod,
            container INTEGER NOT NULL REFERENCES text,
            version INTEGER NOT NULL REFERENCES image_version,
            from_ns INTEGER NOT NULL
        ) STRICT;
        ALTER TABLE image_pull ADD COLUMN pod INTEGER REFERENCES pod;
        ALTER TABLE image_pull ADD COLUMN version INTEGER REFERENCES image_version;
        ALTER TABLE image_pull ADD COLUMN cache_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE image_pull ADD COLUMN peer_bytes INTEGER NOT NULL DEFAULT 0;
        ALTER TABLE image_pull ADD COLUMN cross_zone_bytes INTEGER NOT NULL DEFAULT 0;

        CREATE VIEW container_image_view AS
        SELECT r.id, s.value AS namespace, p.name AS pod, c.title AS controller, t.value AS container,
            i.value AS image, v.digest, \(time("r.from_ns")) AS began
        FROM container_image r JOIN pod p ON p.id = r.pod JOIN text s ON s.id = p.namespace
            JOIN text t ON t.id = r.container JOIN image_version v ON v.id = r.version
            JOIN text i ON i.id = v.image LEFT JOIN controller_view c ON c.id = p.controller;
        """
}
