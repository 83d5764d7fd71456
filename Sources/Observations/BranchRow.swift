package import Chronology

/// Where a run leaves the history that it shares with another one.
package struct BranchRow: Hashable, Sendable {
    /// The number of the branch, from 1.
    package var number: Int
    /// The events before it.
    package var events: Int64
    package var at: Instant
    /// The digest of all of them.
    package var digest: String
    /// The low 16 bits of the digest after each event since the last checkpoint.
    package var trail: [UInt16]

    package init(number: Int, events: Int64, at: Instant, digest: String, trail: [UInt16]) {
        self.number = number
        self.events = events
        self.at = at
        self.digest = digest
        self.trail = trail
    }
}
