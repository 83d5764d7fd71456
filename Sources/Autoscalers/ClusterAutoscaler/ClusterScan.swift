import Chronology
import ControlPlane
import KubernetesAPI

/// What one look at the cluster and the cloud shows, and the step that comes of it.
struct ClusterScan {
    let view: any ClusterView
    let parameters: ClusterAutoscaler.Parameters
    let now: Instant
    private(set) var groups: [NodeGroup]
    let nodes: [Node]
    /// The machines of the groups.
    let machines: [CloudMachine]
    /// Those that were let go in this scan; only looked up.
    private var released: Set<String> = []
    /// The nodes and machines that count as if they were ready already; only looked up.
    private(set) var upcoming: Set<String> = []
    var step = AutoscalerStep()
    private let groupPlaces: [String: Int]
    private let machinePlaces: [String: Int]
    private var deadline: Instant?
    /// How long a new node may be unready before it counts as unready (`--max-node-startup-time`).
    static let startupTime = Duration.minutes(15)

    init(_ view: any ClusterView, _ cloud: any CloudView, _ parameters: ClusterAutoscaler.Parameters) {
        self.view = view
        self.parameters = parameters
        now = view.now
        groups = cloud.groups
        nodes = view.nodes()
        var groupPlaces: [String: Int] = [:]
        for (place, group) in groups.enumerated() { groupPlaces[group.name] = place }
        self.groupPlaces = groupPlaces
        machines = cloud.machines.filter { groupPlaces[$0.group] != nil }
        var machinePlaces: [String: Int] = [:]
        for (place, machine) in machines.enumerated() { machinePlaces[machine.name] = place }
        self.machinePlaces = machinePlaces
    }

    /// The group of which `node` is a machine; nil for nodes that nobody may take away.
    func group(of node: String) -> NodeGroup? { machine(node).flatMap { group(of: $0) } }

    /// The group of a machine.
    func group(of machine: CloudMachine) -> NodeGroup? { groupPlaces[machine.group].map { groups[$0] } }

    /// The machine whose node has this name, if it is one of a group.
    func machine(_ name: String) -> CloudMachine? { machinePlaces[name].map { machines[$0] } }

    /// Whether a machine of a group is on its way, and may still come.
    func isComing(_ machine: CloudMachine) -> Bool {
        machine.state == .launching && !isOverdue(machine) && !isReleased(machine)
    }

    /// Whether a machine was let go in this scan.
    func isReleased(_ machine: CloudMachine) -> Bool { released.contains(machine.name) }

    /// Whether a machine takes longer than machines may.
    func isOverdue(_ machine: CloudMachine) -> Bool {
        machine.state == .launching && machine.launchedAt + parameters.maxNodeProvisionTime <= now
    }

    /// Lets a machine of a group go.
    mutating func release(_ machine: CloudMachine) {
        guard released.insert(machine.name).inserted else { return }
        step.requests.append(.terminate(machine: machine.name))
        if let place = groupPlaces[machine.group] { groups[place].targetSize -= 1 }
    }

    /// Asks for a call at `time` at the latest.
    mutating func callAgain(at time: Instant) { deadline = min(deadline ?? time, time) }

    /// The step with the time of the next call.
    func finished() -> AutoscalerStep {
        var step = self.step
        step.callAfter = deadline.map { max(.zero, $0 - now) }
        return step
    }

    /// Whether pods can run on `node`: it says so, and has lost the taints of its start.
    func isReady(_ node: Node) -> Bool {
        node.isReady
            && !node.spec.taints.contains { PassingTaints.isStartup($0, named: parameters.startupTaints) }
    }

    /// Whether `node` is new and not ready yet.
    func isStarting(_ node: Node) -> Bool {
        !isReady(node) && node.metadata.creationTimestamp + Self.startupTime > now
    }

    /// Returns the cluster for trials, in which what is on its way to the groups of `growing` is there.
    mutating func trial(_ kinds: PodKinds, growing: Set<String>) -> TrialCluster {
        for node in nodes where isStarting(node) {
            let name = node.metadata.name
            if let machine = machine(name), growing.contains(machine.group) { upcoming.insert(name) }
        }
        let started = upcoming
        let startupTaints = parameters.startupTaints
        let trial = TrialCluster(
            view, rules: parameters.rules, kinds: kinds, leastPriority: parameters.expendablePodsPriorityCutoff
        ) { node in
            guard started.contains(node.metadata.name) else { return node }
            var ready = node
            ready.spec.taints.removeAll {
                PassingTaints.isStartup($0, named: startupTaints) || PassingTaints.isCondition($0)
            }
            return ready
        }
        let present = Set(nodes.map(\.metadata.name))
        let daemons = trial.daemonPods(of: view)
        for machine in machines where isComing(machine) && growing.contains(machine.group) {
            if present.contains(machine.name) { continue }
            upcoming.insert(machine.name)
            guard let group = group(of: machine), !group.templates.isEmpty else { continue }
            let zone = group.zones.firstIndex(of: machine.zone) ?? 0
            let node = TemplateNode.named(machine.name, group.templates[min(zone, group.templates.count - 1)])
            trial.addNode(node, pods: daemons.pods(on: node))
        }
        return trial
    }

    // MARK: - Events

    /// The object about which the autoscaler says what is about no node and no pod.
    static let status = ObjectKey(.other, namespace: "kube-system", name: "cluster-autoscaler-status")

    mutating func tell(
        _ key: ObjectKey = Self.status, _ kind: EventRecord.Kind = .normal, _ reason: String, _ message: String
    ) {
        step.events.append(EventRecord(key, kind, reason: reason, message: message))
    }
}

/// The node that a machine of a group would be.
enum TemplateNode {
    private static let hostname = "kubernetes.io/hostname"

    /// Returns `template` under a name of its own, without taints that pass.
    static func named(_ name: String, _ template: Node, startupTaints: [String] = []) -> Node {
        var node = template
        node.metadata.name = name
        node.metadata.labels[hostname] = name
        node.spec.taints.removeAll {
            PassingTaints.isCondition($0) || PassingTaints.isStartup($0, named: startupTaints)
        }
        return node
    }
}
