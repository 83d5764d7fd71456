// Kubernetes counterpart: fwk.Status (kube-scheduler/framework/interface.go, v1.36).

/// What a plugin says at an extension point: a code, and the reasons when it is not success.
package struct Verdict: Hashable, Sendable {
    package enum Code: String, Hashable, Sendable, CaseIterable {
        case success = "Success"
        case error = "Error"
        case unschedulable = "Unschedulable"
        /// No eviction could help (`UnschedulableAndUnresolvable`).
        case unresolvable = "UnschedulableAndUnresolvable"
        case wait = "Wait"
        /// The plugin has nothing to do with this pod.
        case skip = "Skip"
        case pending = "Pending"
    }

    package var code: Code
    package var reasons: [String]

    package init(_ code: Code, reasons: [String] = []) {
        self.code = code
        self.reasons = reasons
    }

    package static let success = Verdict(.success)
    package static let skip = Verdict(.skip)

    /// A rejection that the eviction of other pods may cure.
    package static func unschedulable(_ reason: String) -> Verdict { Verdict(.unschedulable, reasons: [reason]) }
    /// A rejection that only a change of the node or the pod may cure.
    package static func unresolvable(_ reason: String) -> Verdict { Verdict(.unresolvable, reasons: [reason]) }

    package var isSuccess: Bool { code == .success }

    /// Whether the pod was refused, in contrast to an error.
    package var isRejection: Bool { code == .unschedulable || code == .unresolvable || code == .pending }

    /// The reasons in one line.
    package var message: String { reasons.joined(separator: ", ") }
}

/// A rejection with the plugin that spoke it.
package struct NodeVerdict: Hashable, Sendable {
    /// nil when the node was left out by the pre-filter's node set.
    package var plugin: PluginName?
    package var verdict: Verdict

    package init(plugin: PluginName?, verdict: Verdict) {
        self.plugin = plugin
        self.verdict = verdict
    }
}
