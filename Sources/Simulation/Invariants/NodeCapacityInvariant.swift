import ClusterStore
import ControlPlane
import KubernetesAPI
import Observations
import SchedulingFramework

/// No node holds more than its allocatable.
///
/// Pods that came with an export, or name their node themselves, were not put there by the scheduler: a node that they
/// alone fill beyond its room is not judged. Once a scheduler has ended with bindings on their way, its successor may
/// give their room away again, as upstream's may: then it is the kubelet that turns pods away, and only those it has
/// admitted count.
enum NodeCapacityInvariant: Invariant {
    static let name = "node-capacity"

    static func problem(in world: borrowing World) -> String? {
        for track in world.nodes { if let problem = problem(on: track, in: world) { return problem } }
        return nil
    }

    private static func problem(on track: NodeTrack, in world: borrowing World) -> String? {
        guard track.isRegistered, track.state != .gone else { return nil }
        let room = track.template.status.allocatable
        var pods = world.api.pods(onNode: track.name)
        if world.condition.forgottenBindings > 0 { pods.removeAll { $0.status.startTime == nil } }
        guard let excess = excess(of: pods, over: room),
            // Looked for only now: a node is hardly ever too full.
            self.excess(of: given(on: track.name, in: world), over: room) == nil
        else { return nil }
        return "\(track.name) holds \(excess)"
    }

    private static func excess(of pods: [Pod], over room: ResourceList) -> String? {
        var cpu: Int64 = 0
        var memory: Int64 = 0
        var count: Int64 = 0
        for pod in pods where !pod.status.phase.isTerminal {
            let requests = ResourceAmounts(PodRequests.total(of: pod.spec))
            cpu = cpu.addingCut(requests.milliCPU)
            memory = memory.addingCut(requests.memory)
            count += 1
        }
        if cpu > room[.cpu]?.milliValue ?? 0 { return "\(cpu)m of CPU" }
        if memory > room[.memory]?.value ?? 0 { return "\(memory) bytes of memory" }
        return count > room[.pods]?.value ?? 0 ? "\(count) pods" : nil
    }

    /// The pods that the input itself puts on a node.
    private static func given(on node: String, in world: borrowing World) -> [Pod] {
        var pods: [Pod] = []
        for case .pod(let pod) in world.setup.objects where pod.nodeName == node { pods.append(pod) }
        return pods
    }
}

extension NodeCapacityInvariant: ChangeInvariant {
    static func problem(of judged: JudgedChange, in world: borrowing World) -> String? {
        guard case .pod(let pod) = judged.change.object, let name = pod.nodeName, let index = world.nodeByName[name]
        else {
            return nil
        }
        switch judged.change {
        case .modified(.pod(let old), _) where old.nodeName == name: return nil
        case .added, .modified: return problem(on: world.nodes[Int(index)], in: world)
        case .deleted: return nil
        }
    }
}
