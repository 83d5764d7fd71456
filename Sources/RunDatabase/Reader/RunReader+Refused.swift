import Foundation
import GRDB

/// Pods that a controller wanted and that the API server refused to the end.
package struct RefusedPods: Hashable, Sendable {
    /// `Kind namespace/name`: the Deployment where there is one.
    package var owner: String
    /// How many its ReplicaSet was told to have; nil when that is not known, or some of the owner's pods were made.
    package var wanted: Int64?
    /// What the API server said.
    package var reason: String

    package init(owner: String, wanted: Int64?, reason: String) {
        self.owner = owner
        self.wanted = wanted
        self.reason = reason
    }
}

extension RunReader {
    /// Returns the pods that were not created in the end, by what would own them.
    ///
    /// Of an object whose latest event tells of a failure, nothing was created since.
    package func refusedPods() throws(RunDatabaseError) -> [RefusedPods] {
        let failures = try rows(
            """
            WITH failing AS (
                SELECT DISTINCT e.object FROM event e JOIN text r ON r.id = e.reason WHERE r.value = 'FailedCreate'
            ),
            latest AS (
                SELECT o.value AS object, r.value AS reason, e.message, row_number() OVER (
                    PARTITION BY e.object ORDER BY e.last_ns DESC, r.value = 'FailedCreate', e.id DESC) AS place
                FROM event e JOIN text o ON o.id = e.object JOIN text r ON r.id = e.reason
                WHERE e.object IN (SELECT object FROM failing)
            )
            SELECT object, message FROM latest WHERE place = 1 AND reason = 'FailedCreate' ORDER BY object
            """
        ) { ($0["object"] as String, $0["message"] as String) }
        var refused: [RefusedPods] = []
        for (object, message) in failures {
            let reason = Self.reason(in: message)
            guard object.hasPrefix("ReplicaSet "), let scaling = try scaling(of: object) else {
                refused.append(RefusedPods(owner: object, wanted: nil, reason: reason))
                continue
            }
            if scaling.pods == 0 { continue }
            let made = try rows(
                "SELECT count(*) AS pods FROM pod p JOIN controller_view c ON c.id = p.controller WHERE c.title = ?",
                [scaling.owner]
            ) { $0["pods"] as Int64 }
            refused.append(
                RefusedPods(owner: scaling.owner, wanted: made.first == 0 ? scaling.pods : nil, reason: reason))
        }
        return refused
    }

    /// Returns which Deployment scaled a ReplicaSet last, and to how many pods; nil for one that stands alone.
    private func scaling(of replicaSet: String) throws(RunDatabaseError) -> (owner: String, pods: Int64)? {
        guard let slash = replicaSet.lastIndex(of: "/") else { return nil }
        let namespace = replicaSet[..<slash].dropFirst("ReplicaSet ".count)
        let name = replicaSet[slash...].dropFirst()
        let found = try rows(
            """
            SELECT object, message FROM event_view
            WHERE reason = 'ScalingReplicaSet' AND instr(object, ?) = 1 AND instr(message, ?) > 0
            ORDER BY id DESC LIMIT 1
            """, ["Deployment \(namespace)/", " replica set \(name) "]
        ) { ($0["object"] as String, $0["message"] as String) }
        guard let (owner, message) = found.first,
            let pods = message.split(separator: " ").last.flatMap({ Int64($0) })
        else { return nil }
        return (owner, pods)
    }

    /// Cuts off what only says which pod was refused: its name comes by chance.
    private static func reason(in message: String) -> String {
        for mark in ["\" is forbidden: ", "Error creating: ", " failed error: ", "Error creating job: "] {
            if let range = message.range(of: mark) { return String(message[range.upperBound...]) }
        }
        return message
    }
}
