package import Chronology
package import VirtualTime

/// What happens in a run beside starting, working and ending: hooks that take time, and probes that fail.
///
/// Most runs have none; those that do share one value of this class with their plan.
package final class RunExtras: Hashable, Sendable {
    /// From the running process to the moment from which it answers nothing and does not end by itself; nil for never.
    package let hangsAfter: Duration?
    /// From the running process to the moment from which its liveness probe fails; nil for never.
    package let livenessFailsAfter: Duration?
    /// When it is unready for a while; nil for never.
    package let unready: UnreadyPattern?
    /// How long the postStart hook takes; nil for the kubelet's parameter, or for the length of its sleep.
    package let postStartTime: Duration?
    /// Whether the postStart hook fails.
    package let postStartFails: Bool
    /// How long the preStop hook takes; nil for the kubelet's parameter, or for the length of its sleep.
    package let preStopTime: Duration?

    /// Creates extras; what is left out does not happen.
    package init(
        hangsAfter: Duration? = nil, livenessFailsAfter: Duration? = nil, unready: UnreadyPattern? = nil,
        postStartTime: Duration? = nil, postStartFails: Bool = false, preStopTime: Duration? = nil
    ) {
        self.hangsAfter = hangsAfter
        self.livenessFailsAfter = livenessFailsAfter
        self.unready = unready
        self.postStartTime = postStartTime
        self.postStartFails = postStartFails
        self.preStopTime = preStopTime
    }

    package static func == (left: RunExtras, right: RunExtras) -> Bool {
        left === right
            || left.hangsAfter == right.hangsAfter && left.livenessFailsAfter == right.livenessFailsAfter
                && left.unready == right.unready && left.postStartTime == right.postStartTime
                && left.postStartFails == right.postStartFails && left.preStopTime == right.preStopTime
    }

    package func hash(into hasher: inout Hasher) {
        hasher.combine(hangsAfter)
        hasher.combine(livenessFailsAfter)
        hasher.combine(unready)
        hasher.combine(postStartTime)
        hasher.combine(postStartFails)
        hasher.combine(preStopTime)
    }
}

/// Spells of unreadiness in a run, one after the other, each with draws of its own.
package struct UnreadyPattern: Hashable, Sendable {
    /// From the moment of being ready to be, to the beginning of a spell.
    package let after: Distribution
    /// How long a spell lasts; nil for ever.
    package let lasts: Distribution?
    package let seed: Seed
    /// The container, as "namespace/pod/container".
    package let name: String
    /// 0 for the first run.
    package let restart: Int32

    /// Creates a pattern.
    package init(after: Distribution, lasts: Distribution?, seed: Seed, name: String, restart: Int32) {
        self.after = after
        self.lasts = lasts
        self.seed = seed
        self.name = name
        self.restart = restart
    }

    /// Returns the spell `number`, from 0: when it begins after the container is ready to be ready, and how long it is.
    func spell(_ number: Int32) -> (after: Duration, lasts: Duration?) {
        let index = UInt64(UInt32(bitPattern: restart)) << 32 | UInt64(UInt32(bitPattern: number))
        var begin = RandomStream(seed: seed, name: name, purpose: "container.unreadyAfter", index: index)
        guard let lasts else { return (after.sample(&begin), nil) }
        var length = RandomStream(seed: seed, name: name, purpose: "container.unreadyFor", index: index)
        return (after.sample(&begin), lasts.sample(&length))
    }
}
