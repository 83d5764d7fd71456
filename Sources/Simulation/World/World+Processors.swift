import Chronology
import ClusterStore
import KubernetesAPI
import Machines
import Observations

// What pods get of their machine's processors, and how fast those are, which are two things: who gets less than it wants
// is throttled; on a slow machine the same work takes longer, of which processors are busy for longer.

extension World {
    /// Shares a node's processor anew, and slows or speeds up its pods accordingly.
    mutating func shareCPU(of node: Int32) {
        guard pressure[node].shareCPU() else { return }
        applyShares(on: node)
        carryOutEffects()
    }

    /// How fast the machine under a pod is, in thousandths.
    func speed(under track: PodTracker.Track) -> Int64 { track.node > 0 ? nodes[Int(track.node) - 1].speed : 1_000 }

    /// How fast a pod's containers work, in thousandths: by what they get of the processors, and how fast those are.
    func workSpeed(of track: PodTracker.Track) -> Int64 {
        let (share, speed) = (track.cpuSharePermille, speed(under: track))
        return speed == 1_000 || share == 0 ? share : max(1, share * speed / 1_000)
    }

    /// The machine under a pod became slower or faster.
    mutating func speedChanged(under slot: Int32) {
        if profiles[tracker[slot].profile].serviceLoad != nil { loadChanges(of: slot) }
        setWorkSpeed(of: slot)
        recount(slot)
        guard traffic.isOn, let place = traffic.place(ofTrack: slot).place else { return }
        traffic.touch(place)
        lookAtTraffic()
    }

    private mutating func setWorkSpeed(of slot: Int32) {
        let track = tracker[slot]
        guard let pod = api.pod(namespace: track.key.namespace, name: track.key.name),
            let known = kubeletPods[pod.metadata.uid]
        else { return }
        fleet.setSpeed(known, permille: workSpeed(of: track), at: now, into: &effects)
    }

    /// Lets a node's pods work as fast as their shares allow.
    private mutating func applyShares(on node: Int32) {
        for place in pressure[node].pods.indices {
            let pod = pressure[node].pods[place]
            let share = pod.cpuSharePermille
            let (wanted, granted) = (pod.cpuWanted / 1_000, pod.cpu.granted / 1_000)
            let track = tracker[pod.id]
            if share == 1_000, track.cpuSharePermille == 1_000 { continue }
            if share == track.cpuSharePermille, track.throttle.map({ $0.wanted == wanted }) ?? true { continue }
            setShare(of: pod.id, to: share, wanted: wanted, granted: granted)
        }
    }

    mutating func setShare(of slot: Int32, to share: Int64, wanted: Int64, granted: Int64) {
        let track = tracker[slot]
        writeThrottle(slot)
        track.throttle = share < 1_000 ? (now, wanted, granted) : nil
        guard track.cpuSharePermille != share else { return }
        track.cpuSharePermille = share
        guard track.isFollowed else { return }
        setWorkSpeed(of: slot)
        recount(slot)
        cpuShareChanged(slot)
    }

    /// Tells of the stretch in which a pod got less than it wanted.
    mutating func writeThrottle(_ slot: Int32) {
        let track = tracker[slot]
        guard let throttle = track.throttle else { return }
        track.throttle = nil
        guard throttle.since < now else { return }
        observer?.throttle(
            ThrottleIntervalRow(
                pod: track.row, node: track.node, from: throttle.since, to: now, wanted: throttle.wanted,
                granted: throttle.granted))
    }
}
