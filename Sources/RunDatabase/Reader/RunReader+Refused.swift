import Foundation
import GRDB

/// Pods that a controller wanted and that the API server refused to the end, or objects of the input that it refused.
package struct RefusedPods: Hashable, Sendable {
    /// `Kind namespace/name`: the Deployment where there is one.
    package var owner: String
    /// How many its ReplicaSet was told to have; nil when that is not known, or some of the owner's pods were made.
    package var wanted: Int64?
    /// What the API server said.
    package var reason: String
    /// How many objects of the input were refused with these words, `owner` the first of them; 0 for pods of an owner.
    package var objects: Int64

    package init(owner: String, wanted: Int64?, reason: String, objects: Int64 = 0) {
        self.owner = owner
        self.wanted = wanted
        self.reason = reason
        self.objects = objects
    }
}

extension RunReader {
    /// Returns the pods that were not created in the end, by what would own them.
    ///
    /// Of an object whose latest event tells of a failure, nothing was created since; and whoever wants it still has
    /// tried again not long ago.
    package func refusedPods() throws(RunDatabaseError) -> [RefusedPods] {
        try refusedObjects() + podsOfOwners()
    }

    /// The longest that a controller waits before it tries again is 1,000 s; and a little for the way.
    private static let longestWait = Int64(1_010_000_000_000)

    /// Returns what people or arrivals brought and the API server refused, by kind, namespace and words.
    private func refusedObjects() throws(RunDatabaseError) -> [RefusedPods] {
        let told = try rows(
            """
            SELECT o.value AS object, e.message FROM event e
            JOIN text r ON r.id = e.reason JOIN text o ON o.id = e.object WHERE r.value = 'Refused'
            ORDER BY e.first_ns, e.id
            """
        ) { ($0["object"] as String, $0["message"] as String) }
        var refused: [RefusedPods] = []
        var places: [String: Int] = [:]
        for (object, message) in told {
            let reason = Self.reason(in: message)
            let kind = object.lastIndex(of: "/").map { object[..<$0] } ?? object[...]
            let key = "\(kind)\u{0}\(reason)"
            if let place = places[key] {
                refused[place].objects += 1
            } else {
                places[key] = refused.count
                refused.append(RefusedPods(owner: object, wanted: nil, reason: reason, objects: 1))
            }
        }
        return refused
    }

    private func podsOfOwners() throws(RunDatabaseError) -> [RefusedPods] {
        let failures = try rows(
            """
            WITH failing AS (
                SELECT DISTINCT e.object FROM event e JOIN text r ON r.id = e.reason WHERE r.value = 'FailedCreate'
            ),
            latest AS (
                SELECT o.value AS object, r.value AS reason, e.message, e.last_ns, row_number() OVER (
                    PARTITION BY e.object ORDER BY e.last_ns DESC, r.value = 'FailedCreate', e.id DESC) AS place
                FROM event e JOIN text o ON o.id = e.object JOIN text r ON r.id = e.reason
                WHERE e.object IN (SELECT object FROM failing)
            )
            SELECT object, message FROM latest
            WHERE place = 1 AND reason = 'FailedCreate' AND last_ns >= (SELECT reached_ns FROM run) - ?
            ORDER BY object
            """, [Self.longestWait]
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
            SELECT v.object, v.message FROM event_view v JOIN event e USING (id)
            WHERE v.reason = 'ScalingReplicaSet' AND instr(v.object, ?) = 1 AND instr(v.message, ?) > 0
            ORDER BY e.last_ns DESC, id DESC LIMIT 1
            """, ["Deployment \(namespace)/", " replica set \(name) "]
        ) { ($0["object"] as String, $0["message"] as String) }
        guard let (owner, message) = found.first,
            let pods = message.split(separator: " ").last.flatMap({ Int64($0) })
        else { return nil }
        return (owner, pods)
    }

    private static let marks = [
        "\" is forbidden: ", "Error creating: ", " failed error: ", "Error creating job: ", "refused it: ",
    ]

    /// Cuts off what only says which pod was refused: its name comes by chance.
    private static func reason(in message: String) -> String {
        for mark in marks {
            if let range = message.range(of: mark) { return String(message[range.upperBound...]) }
        }
        return message
    }
}
