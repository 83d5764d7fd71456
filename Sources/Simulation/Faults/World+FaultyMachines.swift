import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Observations

extension World {
    // MARK: - Disks

    /// Fills a machine's disk with what belongs to nobody, or takes that away again.
    mutating func fillDisk(_ index: Int32, by change: Int) {
        let before = nodes[Int(index)].fullDisks
        nodes[Int(index)].fullDisks += change
        let after = nodes[Int(index)].fullDisks
        guard (before == 0) != (after == 0) else { return }
        watchPressure(of: index)
        fleet.setDisk(nodes[Int(index)].slot, isFull: after > 0)
        pressure[index].imageBytes = fleet.imageDiskUse(on: nodes[Int(index)].slot)
        pressure[index].setDisk(isFull: after > 0, at: now)
        pressure.touch(index)
    }

    // MARK: - Speed

    /// Slows a machine, on top of what slows it already.
    mutating func slowMachine(_ index: Int32, permille: Int64) {
        nodes[Int(index)].slowdowns.append(max(1, permille))
        followSpeed(of: index)
    }

    /// Takes a slowdown away.
    mutating func quickenMachine(_ index: Int32, permille: Int64) {
        guard let place = nodes[Int(index)].slowdowns.firstIndex(of: max(1, permille)) else { return }
        nodes[Int(index)].slowdowns.remove(at: place)
        followSpeed(of: index)
    }

    private mutating func followSpeed(of index: Int32) {
        let speed = nodes[Int(index)].slowdowns.reduce(Int64(1_000)) { max(1, $0 * $1 / 1_000) }
        nodes[Int(index)].speed = speed
        watchPressure(of: index)
        fleet.setMachineSpeed(nodes[Int(index)].slot, permille: speed, at: now, into: &effects)
        for place in pressure[index].pods.indices { speedChanged(under: pressure[index].pods[place].id) }
        pressure.touch(index)
        carryOutEffects()
    }

    // MARK: - Containers

    /// Ends the main containers of running pods, called `namespace/name`.
    mutating func killContainers(of pods: [String], _ exitCode: Int32, _ reason: String) {
        for name in pods {
            guard let key = Self.key(.pod, name), let pod = api.pod(namespace: key.namespace, name: key.name),
                let slot = kubeletPods[pod.metadata.uid], let known = running[Int(slot.index)], known.slot == slot
            else { continue }
            let profile = profiles[known.profile]
            for container in profile.firstMain..<profile.containers.count
            where fleet.isRunning(slot, container: Int32(container)) {
                if reason == "OOMKilled" { tellKill(of: known, profile.containers[container].name) }
                fleet.crash(
                    slot, container: Int32(container), exitCode: exitCode, reason: reason, at: now, into: &effects)
            }
        }
        carryOutEffects()
    }

    private mutating func tellKill(of pod: KubeletPod, _ container: String) {
        pressure.oomKills += 1
        guard let track = tracker.slot(of: pod.uid).map({ tracker[$0] }) else { return }
        observer?.pressureKill(
            PressureKillRow(
                pod: track.row, node: track.node, container: container, at: now, reason: "OOMKilled", signal: "limit"))
    }
}
