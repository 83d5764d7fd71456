package import Chronology

/// The bounds that this module keeps, each by name; passing one is a bug in the simulation, not in its input.
package enum Limits {
    /// The most events that may wait in one queue (16,777,216).
    package static var pendingEvents: Int { 1 << 24 }

    /// The most events that one queue may take in its life (about 1.1e12).
    package static var scheduledEvents: UInt64 { 1 << 40 }

    /// The longest length that a distribution returns (36,525 days); what is drawn beyond it is cut to it.
    package static var sampledDuration: Duration { .days(36_525) }
}
