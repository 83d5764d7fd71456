import Chronology
import ControlPlane
import KubernetesAPI
import Machines
import VirtualTime

extension World {
    /// Tells a machine to shut down, with what its kubelet does then, and to boot again if it `restarts`.
    mutating func shutDown(_ name: String, restarts: Bool) {
        let key = ObjectKey(.node, name: name)
        if restarts, let index = nodeByName[name], nodes[Int(index)].isLost {
            nodes[Int(index)].isLost = false
            return powerOn(index)
        }
        guard let index = nodeByName[name], nodes[Int(index)].isOn, !fleet.isShuttingDown(nodes[Int(index)].slot) else {
            record(
                EventRecord(
                    key, .warning, reason: "NotFound", message: "No running machine of this name can shut down"),
                source: "changes")
            return
        }
        nodes[Int(index)].restartsAfterShutdown = restarts
        if fleet.endsPodsOnShutdown {
            record(
                EventRecord(
                    key, .normal, reason: "NodeShutdown", message: "Shutdown manager detected shutdown event"),
                source: "kubelet")
            apply(.patchNodeConditions(name, [Self.notReadyCondition([Self.shuttingDown], at: now)]))
        }
        fleet.beginShutdown(nodes[Int(index)].slot, at: now, into: &effects)
        carryOutEffects()
    }

    /// The kubelet lets a machine go: its power is cut a little later, when the last statuses are out.
    mutating func machineMayGo(_ node: NodeSlot) {
        let wait = fleet.endsPodsOnShutdown ? RunLimits.powerCut : .zero
        enqueue(.powerCut, a: node.index, b: nodes[Int(node.index)].powerGeneration, at: now + wait)
    }

    /// A machine that was shut down is off; one that reboots begins to boot.
    mutating func powerIsCut(_ index: Int32, generation: Int64) {
        guard nodes[Int(index)].powerGeneration == generation, nodes[Int(index)].isOn else { return }
        powerOff(index)
        if nodes[Int(index)].restartsAfterShutdown { powerOn(index) }
    }
}
