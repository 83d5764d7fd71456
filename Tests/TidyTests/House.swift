import Foundation

/// The checkout as the tidy tests see it: files as text, and the rows that the architecture draws.
struct House {
    let root: URL

    init() {
        root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
    }

    /// Row of each room; imports may only go to a lower row.
    static let rows: [(row: Int, rooms: [String])] = [
        (0, ["CGSL", "CData", "Chronology"]),
        (1, ["KubernetesAPI", "VirtualTime", "Statistics", "Observations"]),
        (2, ["ControlPlane", "SchedulingFramework", "ClusterStore"]),
        (3, ["Scheduler", "Controllers", "Autoscalers", "Machines", "Workloads", "Faults", "Costs"]),
        (4, ["Simulation"]),
        (5, ["Scenarios", "RunDatabase"]),
        (6, ["Reports", "Exports", "Conformance", "Experiments"]),
        (7, ["orrery"]),
    ]

    /// Rooms that a room may not reach even though they lie below it.
    static let forbidden: [String: Set<String>] = [
        "KubernetesAPI": ["CGSL", "VirtualTime", "Statistics"],
        "VirtualTime": ["KubernetesAPI"],
        "Statistics": ["KubernetesAPI", "VirtualTime"],
        "ControlPlane": ["VirtualTime", "ClusterStore"],
        "SchedulingFramework": ["VirtualTime", "ClusterStore"],
        "ClusterStore": ["VirtualTime"],
        "Scheduler": ["VirtualTime"],
        "Controllers": ["VirtualTime"],
        "Autoscalers": ["VirtualTime"],
        "Costs": ["ClusterStore"],
        "Scenarios": ["RunDatabase"],
        "RunDatabase": ["Scenarios", "Simulation"],
        "Observations": ["KubernetesAPI", "VirtualTime"],
        "Reports": ["Simulation"],
        "Experiments": ["Reports"],
    ]

    /// The one arrow inside a row: the store serves the control plane's contract.
    static let exceptions: Set<String> = ["ClusterStore>ControlPlane"]

    /// Packages from elsewhere, modules of C, and the rooms that may import them.
    static let guests: [String: Set<String>] = [
        "GRDB": ["RunDatabase"],
        "GRDBSQLite": ["RunDatabase"],
        "SQLite3": ["RunDatabase"],
        "Yams": ["Scenarios"],
        "CYaml": ["Scenarios"],
        "ArgumentParser": ["orrery"],
        "CGSL": ["VirtualTime", "Statistics"],
        "CData": ["Machines", "Costs", "Experiments"],
        "OrderedCollections": [
            "KubernetesAPI", "VirtualTime", "ControlPlane", "SchedulingFramework", "ClusterStore", "Scheduler",
            "Controllers", "Autoscalers", "Machines", "Workloads", "Faults", "Costs", "Simulation",
        ],
    ]

    /// Libraries of the system, allowed from this row on.
    static let systemRow = 5
    static let system: Set<String> = ["Foundation", "Glibc", "Dispatch", "FoundationEssentials", "Synchronization"]

    static func row(of room: String) -> Int? {
        rows.first { $0.rooms.contains(room) }?.row
    }

    /// Swift files below `folder`, in path order, relative to the root.
    func swiftFiles(in folder: String) -> [String] {
        let base = root.appendingPathComponent(folder)
        guard let walker = FileManager.default.enumerator(atPath: base.path) else { return [] }
        return walker.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { folder + "/" + $0 }.sorted()
    }

    func text(_ path: String) -> String {
        (try? String(contentsOf: root.appendingPathComponent(path), encoding: .utf8)) ?? ""
    }

    func lines(_ path: String) -> [Substring] {
        text(path).split(separator: "\n", omittingEmptySubsequences: false)
    }

    /// Whether an import hands its module on to those who import the file's room.
    static func handsOn(_ line: some StringProtocol) -> Bool {
        line.hasPrefix("package import ") || line.hasPrefix("public import ")
    }

    /// Names that a file imports.
    func imports(_ path: String) -> [String] {
        lines(path).compactMap { line in
            let words = line.split(separator: " ")
            guard let place = words.firstIndex(of: "import"), place <= 2, place + 1 < words.count,
                words[..<place].allSatisfy({ ["package", "internal", "public", "private", "@_exported", "@testable", "@preconcurrency", "fileprivate"].contains($0) })
            else { return nil }
            return String(words[place + 1].split(separator: ".")[0])
        }
    }
}
