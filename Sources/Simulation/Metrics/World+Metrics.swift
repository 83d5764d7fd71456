import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import Workloads

extension World {
    /// Follows what pods use from now on, as an autoscaler may ask for it.
    mutating func beginMetering() {
        guard !meters.isOn else { return }
        meters.begin(services: traffic.services.count, at: now)
        for index in nodes.indices where nodes[index].isRegistered { meterReach(of: Int32(index)) }
        for slot in tracker.tracks.indices {
            guard let track = tracker.tracks[slot],
                let pod = api.pod(namespace: track.key.namespace, name: track.key.name)
            else { continue }
            meter(Int32(slot), pod)
        }
        if traffic.isOn { lookAtTraffic() }
    }

    /// The metrics server reaches a kubelet from now on, or does so no more.
    func meterReach(of index: Int32) {
        guard meters.isOn else { return }
        let node = nodes[Int(index)]
        meters.note(node: index, answers: node.isOn && node.cuts == 0, at: now)
    }

    /// Follows what a pod uses for as long as it runs.
    mutating func meter(_ slot: Int32, _ pod: Pod) {
        let track = tracker[slot]
        switch track.state {
        case .pending, .starting: return
        case .succeeded, .failed:
            meters.remove(pod.metadata.uid)
            track.usageMeter = nil
        case .unready, .ready, .terminating:
            guard pod.status.phase == .running else { return }
            if track.usageMeter == nil {
                let meter = makeMeter(slot, pod)
                track.usageMeter = meter
                meters.add(meter, of: pod.metadata.uid)
            } else {
                meterRuns(of: slot, pod)
                meterUsage(of: slot)
            }
        }
    }

    /// Follows when the containers of a pod begin and cease to run.
    private func meterRuns(of slot: Int32, _ pod: Pod) {
        guard let meter = tracker[slot].usageMeter else { return }
        for place in meter.containers.indices {
            let status = pod.status(ofContainer: meter.containers[place].container)
            if meter.containers[place].note(status, at: now, keeping: meters.horizon) { meters.changed() }
        }
    }

    /// What a pod uses may be something else from now on.
    func meterUsage(of slot: Int32) {
        let track = tracker[slot]
        guard let meter = track.usageMeter else { return }
        let usages = meteredUsage(of: slot) { meter.containers[$0].runningSince ?? meter.start }
        for place in usages.indices {
            if meter.containers[place].cpu.latest != usages[place].cpu {
                meters.changed()
                meter.containers[place].cpu.note(usages[place].cpu, at: now, keeping: meters.horizon)
            }
            let before = meter.containers[place].memory
            if before != usages[place].memory {
                meters.changed()
                meter.containers[place].memoryBefore = (before, now)
                meter.containers[place].memory = usages[place].memory
            }
        }
    }

    private func makeMeter(_ slot: Int32, _ pod: Pod) -> PodMeter {
        let track = tracker[slot]
        let profile = track.profile
        var start = now
        for status in pod.status.containerStatuses {
            if case .running(let startedAt) = status.state { start = min(start, startedAt) }
        }
        let staying = profiles[profile].stayingContainers.map { profiles[profile].containers[$0] }
        let statuses = staying.map { pod.status(ofContainer: $0.name) }
        let usages = meteredUsage(of: slot) { place in
            if case .running(let startedAt)? = statuses[place]?.state { startedAt } else { start }
        }
        let containers = staying.indices.map { place in
            let limit = staying[place].limits[.memory]?.value ?? 0
            var usage = PodMeter.Usage(
                container: staying[place].name, memoryLimit: limit > 0 ? limit : nil,
                cpu: RecentValues(usages[place].cpu, since: start), memory: usages[place].memory)
            _ = usage.note(statuses[place], at: now, keeping: meters.horizon)
            return usage
        }
        if usages.contains(where: { $0.memory.growth > 0 }) { meters.leaks = true }
        let described = meters.custom.isEmpty ? [] : describedBy(pod, profile)
        return PodMeter(start: start, node: track.node - 1, containers: containers, metrics: described)
    }

    private func describedBy(_ pod: Pod, _ profile: Int32) -> [Bool] {
        let subject = subject(of: pod, controller: profiles[profile].controller)
        return meters.custom.map { metric in
            guard case .pods(let match) = metric.subject, metric.namespace == pod.metadata.namespace else {
                return false
            }
            guard let match else { return true }
            return pod.spec.containers.contains { match.matches(subject, container: $0.name) }
        }
    }

    /// What the containers of a pod that go on running use, if they run; `start` tells by place since when one does.
    private func meteredUsage(of slot: Int32, since start: (Int) -> Instant) -> [(cpu: Int64, memory: GrowingAmount)] {
        let track = tracker[slot]
        let profile = track.profile
        let (serves, speed) = (track.state == .ready, speed(under: track))
        return profiles[profile].stayingContainers.enumerated().map { place, index in
            let wanted = profiles[profile].cpuWanted(index, serves: serves, speed: speed, at: now, on: clock)
            return (
                wanted * track.cpuSharePermille / 1_000,
                profiles[profile].memory(index, since: start(place), serves: serves, at: now, on: clock)
            )
        }
    }

    /// Tells the metrics server how a service does, and which pods answer for it.
    mutating func meterService(_ reading: ServiceMeter.Reading, _ index: Int) {
        meters.note(reading, of: index, at: now)
        guard !meters.custom.isEmpty else { return }
        for place in traffic.listed[index] where traffic[place].track >= 0 && traffic[place].isServing {
            guard let meter = tracker[traffic[place].track].usageMeter else { continue }
            if meter.servicesLook != meters.look {
                meter.servicesLook = meters.look
                meter.services = []
            }
            meter.services.append(index)
        }
    }
}

extension PodProfile {
    /// The indices of the containers that go on running: the main ones and sidecars.
    var stayingContainers: [Int] { containers.indices.filter { $0 >= firstMain || containers[$0].isSidecar } }
}

extension Pod {
    /// What the status says of a container, be it a main one or one that initializes.
    fileprivate func status(ofContainer name: String) -> ContainerStatus? {
        status.containerStatuses.first { $0.name == name } ?? status.initContainerStatuses.first { $0.name == name }
    }
}
