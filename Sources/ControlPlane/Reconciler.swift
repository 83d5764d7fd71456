package import Chronology
package import KubernetesAPI

/// A Kubernetes Event that a component wants recorded (`v1.Event`).
package struct EventRecord: Hashable, Sendable {
    /// The kind of an event.
    package enum Kind: UInt8, Hashable, Sendable { case normal, warning }

    /// The object that the event is about.
    package var regarding: ObjectKey
    /// Whether it is a warning.
    package var kind: Kind
    /// The reason, one word in CamelCase.
    package var reason: String
    /// The message for people.
    package var message: String

    /// Creates an event.
    package init(_ regarding: ObjectKey, _ kind: Kind = .normal, reason: String, message: String) {
        self.regarding = regarding
        self.kind = kind
        self.reason = reason
        self.message = message
    }
}

/// What one call of a reconciler asks its host to do.
package struct ReconcileResult: Sendable {
    /// Requests in the order in which they are to be sent; the host stops at the first that fails.
    package var actions: [Action] = []
    /// Events to record at once.
    package var events: [EventRecord] = []
    /// Events to record when an action has been carried out, with its place among `actions`, in the order of places.
    package private(set) var outcomes: [Outcome] = []
    /// Ask to be called again for the same key after this time even when nothing changes.
    package var recheckAfter: Duration?
    /// Whether the work failed for a reason that a retry may cure: the key goes back with its back-off.
    package var retry = false

    /// Creates a result.
    package init(actions: [Action] = [], events: [EventRecord] = [], recheckAfter: Duration? = nil) {
        self.actions = actions
        self.events = events
        self.recheckAfter = recheckAfter
    }

    /// Nothing to do.
    package static let settled = ReconcileResult()

    /// An event that tells of an action.
    package struct Outcome: Sendable {
        package var place: Int
        package var event: EventRecord
    }

    /// Asks for `action`, and for `event` once it is carried out.
    package mutating func append(_ action: Action, telling event: EventRecord) {
        outcomes.append(Outcome(place: actions.count, event: event))
        actions.append(action)
    }

    /// The events that tell of the action at `place`.
    package func events(of place: Int) -> [EventRecord] {
        outcomes.isEmpty ? [] : outcomes.lazy.filter { $0.place == place }.map(\.event)
    }
}

/// How the host's work queue serves a reconciler.
package struct ReconcilerSettings: Hashable, Sendable {
    /// Keys served at the same time (upstream's `--concurrent-*-syncs`).
    package var workers: Int
    /// A call every so often for the key `ReconcilerSettings.periodicKey`, or nil.
    package var period: Duration?
    /// How often a failing key is tried again before it is dropped until something changes; nil for ever (`maxRetries`).
    package var retries: Int?
    /// The longest wait of a failing key.
    package var backoffMax: Duration

    /// Creates settings.
    package init(
        workers: Int, period: Duration? = nil, retries: Int? = nil, backoffMax: Duration = WorkQueue.backoffMax
    ) {
        self.workers = workers
        self.period = period
        self.retries = retries
        self.backoffMax = backoffMax
    }

    /// The key with which a periodic reconciler is called.
    package static let periodicKey = ObjectKey(.other, namespace: "", name: "")
}

/// A level-triggered controller: handed a key, it reads the present state and returns one step toward the desired one.
///
/// It never learns which event led to the call, never touches the store, and must be idempotent: called again with
/// nothing changed since its actions were applied, it returns no action. The host decides when it is called.
package protocol Reconciler {
    /// The controller's name, as in the command line of kube-controller-manager.
    static var name: String { get }
    static var settings: ReconcilerSettings { get }

    /// The changes for which `keys` may return something; all unless the reconciler says otherwise.
    static var interest: ChangeInterest { get }

    /// Returns the keys to reconcile after `change`, in order; called for each change of the
    /// controller's `interest` that its watch delivers. Nothing need change: hosts hold the controller in place, and
    /// a call that may not change it would have to copy it first.
    mutating func keys(for change: WatchEvent, in view: any ClusterView) -> [ObjectKey]

    /// Returns the next step for `key`. May keep expectations and timers of its own in `self`.
    mutating func reconcile(_ key: ObjectKey, in view: any ClusterView) -> ReconcileResult

    /// Tells that the host applied or failed to apply `action`, so that expectations can be kept.
    mutating func observe(_ action: Action, error: ActionError?)

    /// Takes over what was under way in a cluster that was running before, as `view` shows it; called once, before any
    /// other call, and without counterpart: upstream's controllers begin anew.
    mutating func resume(in view: any ClusterView)
}

extension Reconciler {
    package static var interest: ChangeInterest { .everything }

    package mutating func observe(_ action: Action, error: ActionError?) {}

    package mutating func resume(in view: any ClusterView) {}
}
