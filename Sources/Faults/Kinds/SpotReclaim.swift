import Chronology
import VirtualTime

/// The cloud takes spot machines back: each is cordoned and drained when the notice comes, and gone when it is over.
///
/// The default notice is that of AWS, two minutes. The duration counts from there to the order of the pool's
/// replacement: none by default, as a group that is short of machines orders at once. With a permanent one nothing is
/// replaced.
package enum SpotReclaim: FaultKind {
    package static let name = "SpotReclaim"
    package static let scope = FaultScope.nodes
    package static let defaultDuration = FaultDuration.lasting(.constant(0))
    package static let options: [FaultOption] = [.notice, .advice]
    package static let defaults = FaultSettings { $0.notice = .seconds(120) }

    package static func effect(_ settings: FaultSettings) -> FaultEffect {
        .reclaim(ReclaimPlan(notice: settings.notice ?? .zero, advice: settings.advice))
    }
}
