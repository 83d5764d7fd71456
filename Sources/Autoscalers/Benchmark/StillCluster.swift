import Chronology
import ControlPlane
import KubernetesAPI

/// A cluster of pods that wait and of nothing else, for benchmarks.
struct StillCluster: ClusterView {
    let now: Instant
    let waiting: [Pod]
    let others: [KubernetesObject]

    func pod(namespace: String, name: String) -> Pod? { nil }
    func node(_ name: String) -> Node? { nil }
    func replicaSet(namespace: String, name: String) -> ReplicaSet? { nil }
    func deployment(namespace: String, name: String) -> Deployment? { nil }
    func job(namespace: String, name: String) -> Job? { nil }
    func object(_ key: ObjectKey) -> KubernetesObject? { others.first { $0.key == key } }
    func nodes() -> [Node] { [] }
    func pods(inNamespace namespace: String) -> [Pod] { waiting.filter { $0.metadata.namespace == namespace } }
    func pods(controlledBy owner: UID) -> [Pod] { [] }
    func orphanPods(inNamespace namespace: String) -> [Pod] { pods(inNamespace: namespace) }
    func pods(onNode node: String) -> [Pod] { [] }
    func terminatedPods() -> [Pod] { [] }
    func pods(inPhase phase: PodPhase) -> [Pod] { phase == .pending ? waiting : [] }
    func objects(of kind: ObjectKind, namespace: String?) -> [KubernetesObject] { others.filter { $0.kind == kind } }
    func replicaSets(controlledBy owner: UID) -> [ReplicaSet] { [] }
    func dependents(of owner: UID) -> [KubernetesObject] { [] }
    func object(uid: UID) -> KubernetesObject? { nil }
}

/// A cloud with a market and groups, and without machines.
struct StillCloud: CloudView {
    let groups: [NodeGroup]
    let machines: [CloudMachine] = []
    let market: MachineMarket

    func isTaken(_ name: String) -> Bool { false }
}
