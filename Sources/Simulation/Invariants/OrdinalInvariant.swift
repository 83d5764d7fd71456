import ControlPlane
import KubernetesAPI
import Machines

/// A stateful set never runs two pods of one ordinal: none is made while the one before it still runs somewhere.
///
/// A machine without power runs nothing; what people delete by force is theirs to answer for, and a template without any
/// grace period asks for just that.
enum OrdinalInvariant: ChangeInvariant {
    static let name = "stateful-ordinal"

    static func problem(of judged: JudgedChange, in world: borrowing World) -> String? {
        guard case .added(.pod(let pod)) = judged.change, pod.metadata.controllerKind == ObjectKind.statefulSet.name,
            pod.spec.terminationGracePeriodSeconds > 0
        else { return nil }
        let key = pod.key
        for running in world.running {
            guard let running, running.uid != pod.metadata.uid, running.key == key else { continue }
            if world.fleet.isRunningAnything(running.slot) { return "\(key) was made while its predecessor runs" }
        }
        return nil
    }
}
