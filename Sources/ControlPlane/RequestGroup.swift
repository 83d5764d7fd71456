// Kubernetes counterpart: slowStartBatch in pkg/controller/controller_utils.go and its likes in pkg/controller/job and
// pkg/controller/daemon; the goroutines in which controllers delete pods and the collector releases dependents (v1.36).

package import KubernetesAPI

/// Which requests of one call of a reconciler are under way at the same time.
///
/// Pods are made in batches of 1, 2, 4 and so on: when every creation is bound to fail, few are tried in vain. Deletions
/// side by side, and owner references that are let go of, are all sent at once; everything else waits for the answer before it.
package enum RequestGroup {
    /// Returns how many of `actions` are sent together from `place` on, after a group of `previous`.
    ///
    /// An error in a group ends the call, but only when the whole group is answered.
    package static func size(of actions: [Action], from place: Int, after previous: Int = 0) -> Int {
        let way = way(actions[place])
        switch way {
        case .alone: return 1
        case .atOnce: return run(of: actions, from: place)
        case .slowly:
            let isFirst = place == 0 || !isCreation(actions[place - 1])
            return min(isFirst ? 1 : previous * 2, run(of: actions, from: place))
        }
    }

    /// Returns how many requests `action` takes, one after the other: before a finalizer is taken off, the object is read anew.
    package static func roundTrips(of action: Action) -> Int {
        if case .patchMetadata(_, _, let patch) = action, !patch.finalizers.isEmpty { 2 } else { 1 }
    }

    private enum Way { case alone, slowly, atOnce }

    private static func way(_ action: Action) -> Way {
        switch action {
        case .create(.pod): .slowly
        case .delete: .atOnce
        case .patchMetadata(_, _, let patch): patch.finalizers.isEmpty ? .atOnce : .alone
        case .create, .update, .updateStatus, .bind, .evict, .patchPodStatus, .patchNodeTaints, .patchNodeConditions:
            .alone
        }
    }

    private static func isCreation(_ action: Action) -> Bool {
        if case .create(.pod) = action { true } else { false }
    }

    /// The number of requests of one sort, one after the other, from `place` on.
    private static func run(of actions: [Action], from place: Int) -> Int {
        var end = place + 1
        while end < actions.count, isAlike(actions[place], actions[end]) { end += 1 }
        return end - place
    }

    private static func isAlike(_ left: Action, _ right: Action) -> Bool {
        switch (left, right) {
        case (.create(.pod), .create(.pod)), (.delete, .delete): true
        case (.patchMetadata(_, _, let left), .patchMetadata(_, _, let right)):
            left.finalizers.isEmpty && right.finalizers.isEmpty
        default: false
        }
    }
}
