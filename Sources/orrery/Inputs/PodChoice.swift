import KubernetesAPI
import RunDatabase

/// Picks pods out of a run for the user.
enum PodChoice {
    /// How many names are looked through for one that is near.
    private static let searched = 20_000

    /// Returns `namespace/name` of a pod that still waits, or else of the last one created; nil without pods.
    static func telling(_ reader: RunReader) throws(RunDatabaseError) -> String? {
        let names = try names(
            """
            SELECT s.value || '/' || p.name FROM pod p JOIN text s ON s.id = p.namespace
                LEFT JOIN pod_end e ON e.pod = p.id LEFT JOIN text f ON f.id = e.phase
            ORDER BY (e.alive AND f.value = 'Pending') DESC, p.id DESC LIMIT 1
            """, reader)
        return names.first
    }

    /// Returns pods (`pod/namespace/name`) whose names begin like, or look like, a name that no pod has.
    static func near(_ name: String, in reader: RunReader) throws(RunDatabaseError) -> [String] {
        let wanted = name.split(separator: "/").last.map(String.init) ?? name
        let all = try names(
            "SELECT DISTINCT s.value || '/' || p.name FROM pod p JOIN text s ON s.id = p.namespace "
                + "ORDER BY 1 LIMIT \(searched)", reader)
        let beginning = all.filter { name in
            name.hasPrefix(wanted) || name.split(separator: "/").last?.hasPrefix(wanted) == true
        }
        let found = beginning.isEmpty ? [NearestName.of(name, among: all)].compactMap { $0 } : beginning
        return found.prefix(5).map { "pod/" + $0 }
    }

    private static func names(_ sql: String, _ reader: RunReader) throws(RunDatabaseError) -> [String] {
        try reader.query(sql).rows.compactMap { row in
            guard case .text(let name)? = row.first else { return nil }
            return name
        }
    }
}
