// Kubernetes counterpart: kube-apiserver with its generic registry and etcd (v1.36).
// Deliberate differences: one version counter and no watch history; timestamps keep fractions of a second;
// an object that is deleted at once yields one deletion event, without the marking that precedes it upstream.

package import Chronology
package import ControlPlane
import KubernetesAPI

/// The simulated API server: a value that holds every object of a cluster, so that copying it forks the cluster.
///
/// Lists come in order of creation time, and within one instant in the order in which the store met the objects.
package struct ObjectStore: Sendable {
    /// What can be chosen about a store.
    package struct Options: Hashable, Sendable {
        /// Whether creating an object in a namespace that does not exist creates the namespace as well.
        package var createsNamespaces = false
        /// The real time of `Instant.start`.
        package var startDate: StartDate

        package init(createsNamespaces: Bool = false, startDate: StartDate = StartDate(unixSeconds: 0)) {
            self.createsNamespaces = createsNamespaces
            self.startDate = startDate
        }
    }

    /// The namespaces that every cluster has from the start.
    package static let initialNamespaces = ["default", "kube-node-lease", "kube-public", "kube-system"]

    package let options: Options
    /// The time of the last request, and the time that views of this store tell.
    package var now: Instant
    /// The version of the last write; every write in the cluster raises it by one.
    package internal(set) var resourceVersion: Int64 = 0

    // Pods and nodes are hot and have typed tables; all other kinds are kept as the API shows them.
    var podTable = ObjectTable<Pod>()
    var podIndexes = PodIndexes()
    var budgetIndex = BudgetIndex()
    var nodeTable = ObjectTable<Node>()
    var nodeNames = NodeNames()
    // One table per kind, by raw value; those of pods and nodes stay empty.
    var others = [ObjectTable<KubernetesObject>](repeating: ObjectTable(), count: ObjectKind.allCases.count)
    /// A bit for each kind, by raw value, of which there are objects; pods and nodes have none.
    package internal(set) var presentKinds: UInt64 = 0
    var places: [UID: ObjectPlace] = [:]
    // Never iterated.
    var terminatingNamespaces: Set<String> = []
    var mint: IdentityMint
    var admission = PodAdmission()
    /// What may change pods on their way in; nil for nothing.
    package var podWebhook: (any PodWebhook)?
    private var nextSequence: UInt32 = 0

    /// Creates a store with the initial namespaces only; `seed` decides uids and generated names.
    package init(seed: UInt64, options: Options = Options(), now: Instant = .start) {
        self.options = options
        self.now = now
        mint = IdentityMint(seed: seed)
        var events: [WatchEvent] = []
        for name in Self.initialNamespaces { addNamespace(name, into: &events) }
    }

    /// Returns the next number in the order in which objects arrive.
    mutating func takeSequence() -> UInt32 {
        nextSequence += 1
        return nextSequence
    }

    mutating func takeVersion() -> Int64 {
        resourceVersion += 1
        return resourceVersion
    }

    subscript(kind: ObjectKind) -> ObjectTable<KubernetesObject> {
        // Always inlined: a method called on what an accessor yields would be handed a copy of the table.
        @inline(__always) _read { yield others[Int(kind.rawValue)] }
        @inline(__always) _modify { yield &others[Int(kind.rawValue)] }
    }
}

/// Where the object with some uid is.
struct ObjectPlace: Hashable, Sendable {
    var kind: ObjectKind
    var handle: ObjectHandle
}
