import Chronology
import ClusterStore
import Costs
import KubernetesAPI
import Machines
import Observations
import SchedulingFramework
import VirtualTime
import Workloads

extension World {
    // MARK: - Pods come and go

    /// A pod begins to hold a part of a node: it is followed there if anybody on the node is.
    mutating func followLoad(of slot: Int32, on node: Int32) {
        let isMeasured = profiles[tracker[slot].profile].hasUsage
        if !pressure.isWatched(node) {
            guard isMeasured else { return }
            watchPressure(of: node, but: slot)
        }
        addLoad(of: slot, on: node)
    }

    /// Follows what a machine's pods hold of it, those that are there included.
    mutating func watchPressure(of node: Int32, but coming: Int32 = -1) {
        guard !pressure.isWatched(node) else { return }
        pressure.watch(node, as: makeMachine(node))
        for other in accounts.machines[Int(node)]?.pods ?? [] where other != coming { addLoad(of: other, on: node) }
    }

    private func makeMachine(_ node: Int32) -> NodePressure {
        let track = nodes[Int(node)]
        let capacity = track.template.status.capacity
        let allocatable = track.template.status.allocatable
        let memory = capacity[.memory]?.value ?? allocatable[.memory]?.value ?? 0
        let kept = max(0, memory - (allocatable[.memory]?.value ?? memory))
        // The hard threshold is kept from pods as well, but by nobody who uses it.
        let threshold = setup.kubelet.eviction.memory.hard?.bytes(of: memory) ?? 0
        var stream = streams.stream("kubelet.eviction", purpose: track.name)
        let period = setup.kubelet.eviction.monitoringPeriod.nanoseconds
        var machine = NodePressure(
            capacity: NodePressure.Capacity(
                memory: memory, systemMemory: max(0, kept - threshold),
                disk: capacity[.ephemeralStorage]?.value ?? 0, cpu: track.allocatable.cpu),
            phase: Duration(nanoseconds: Int64(stream.integer(below: Int(period)))),
            parameters: setup.kubelet.eviction)
        machine.imageBytes = fleet.imageDiskUse(on: track.slot)
        machine.isKubeletHung = track.hangs > 0
        return machine
    }

    private mutating func addLoad(of slot: Int32, on node: Int32) {
        let track = tracker[slot]
        guard let pod = api.pod(namespace: track.key.namespace, name: track.key.name) else { return }
        let profile = track.profile
        var load = PodLoad(
            id: slot, pod, requests: PodRequests.total(of: pod.spec), isMeasured: profiles[profile].hasUsage)
        for index in load.containers.indices {
            load.containers[index].volume = profiles[profile].behaviors[index].usage.disk?.volume
        }
        pressure[node].add(load)
        pressure.touch(node)
        track.isFollowed = true
        guard load.isMeasured else { return }
        track.loadPlace = Int32(profiles[profile].loads.count)
        profiles[profile].loads.append(slot)
        scheduleUsage(profile)
    }

    /// A pod holds nothing of its node any more.
    mutating func dropLoad(of slot: Int32, on node: Int32) {
        let track = tracker[slot]
        guard track.isFollowed else { return }
        track.isFollowed = false
        track.isUsing = false
        setShare(of: slot, to: 1_000, wanted: 0, granted: 0)
        let profile = track.profile
        if profiles[profile].hasUsage {
            let last = profiles[profile].loads.removeLast()
            if last != slot {
                profiles[profile].loads[Int(track.loadPlace)] = last
                tracker[last].loadPlace = track.loadPlace
            }
        }
        pressure[node].remove(slot)
        pressure.touch(node)
    }

    // MARK: - Containers start and end

    /// A container of a pod that says what it uses runs from now on.
    mutating func containerRuns(_ container: Int32, of pod: PodSlot) {
        guard let known = running[Int(pod.index)], known.slot == pod, let slot = tracker.slot(of: known.uid),
            tracker[slot].isFollowed
        else { return }
        let node = tracker[slot].node - 1
        let profile = known.profile
        let index = Int(container)
        // Worked out first: within the call the whole world would be copied to ask it.
        let serves = tracker[slot].state == .ready
        let memory = profiles[profile].memory(index, since: now, serves: serves, at: now, on: clock)
        let disk = profiles[profile].disk(index, since: now, at: now, on: clock)
        let speed = nodes[Int(node)].speed
        let wanted = profiles[profile].cpuWanted(index, serves: serves, speed: speed, at: now, on: clock)
        pressure[node].start(container: index, of: slot, memory: memory, disk: disk, cpuWanted: wanted)
        pressure.touch(node)
        chargeUsage(of: slot, on: node)
    }

    /// A container's run ended.
    mutating func containerEnded(_ exit: ExitRecord) {
        guard pressure.isWatched(exit.node.index), let known = running[Int(exit.pod.index)], known.slot == exit.pod,
            let slot = tracker.slot(of: known.uid), tracker[slot].isFollowed
        else { return }
        let node = tracker[slot].node - 1
        pressure[node].stop(container: Int(exit.container), of: slot, at: now)
        pressure.touch(node)
        chargeUsage(of: slot, on: node)
    }

    /// The usage of a profile's pods changes: what their machines hold is brought up to date.
    mutating func loadsChange(of profile: Int32) {
        let followed = profiles[profile].loads
        guard !followed.isEmpty else { return }
        let idle = bases(of: profile, serves: false)
        guard profiles[profile].serviceLoad != nil else {
            for slot in followed { setBases(idle, of: slot) }
            return
        }
        let serving = bases(of: profile, serves: true)
        for slot in followed {
            let speed = speed(under: tracker[slot])
            guard tracker[slot].state == .ready, speed < 1_000 else {
                setBases(tracker[slot].state == .ready ? serving : idle, of: slot)
                continue
            }
            setBases(bases(of: profile, serves: true, speed: speed), of: slot)
        }
    }

    /// A pod begins to get requests, or gets none any more.
    mutating func loadChanges(of slot: Int32) {
        guard tracker[slot].isFollowed else { return }
        let track = tracker[slot]
        setBases(bases(of: track.profile, serves: track.state == .ready, speed: speed(under: track)), of: slot)
    }

    /// What the containers of one pod use, without what has grown.
    private struct Bases {
        var cpu: [Int64]
        var memory: [Int64]
        var disk: [Int64]
    }

    private func bases(of profile: Int32, serves: Bool, speed: Int64 = 1_000) -> Bases {
        let containers = profiles[profile].containers.indices
        return Bases(
            cpu: containers.map {
                profiles[profile].cpuWanted($0, serves: serves, speed: speed, at: now, on: clock)
            },
            memory: containers.map {
                profiles[profile].memory($0, since: now, serves: serves, at: now, on: clock).base
            },
            disk: containers.map { profiles[profile].disk($0, since: now, at: now, on: clock).base })
    }

    /// The growth of each container goes on; only what it grows from is another.
    private mutating func setBases(_ bases: Bases, of slot: Int32) {
        let node = tracker[slot].node - 1
        var hasChanged = false
        pressure[node].change(slot) { pod in
            for index in pod.containers.indices where pod.containers[index].isRunning {
                let container = pod.containers[index]
                let isSame =
                    container.cpuWanted == bases.cpu[index] && container.memory.base == bases.memory[index]
                    && (container.disk.base == bases.disk[index] || container.volume != nil)
                if isSame { continue }
                hasChanged = true
                pod.containers[index].cpuWanted = bases.cpu[index]
                pod.containers[index].memory.base = bases.memory[index]
                // What a volume holds is not given back.
                if container.volume == nil { pod.containers[index].disk.base = bases.disk[index] }
            }
        }
        if hasChanged { pressure.touch(node) }
    }

    // MARK: - What is recorded and charged

    /// What a pod uses: what it is granted of the processor, and the memory with what has leaked.
    func usage(of slot: Int32) -> (cpu: Int64, memory: Int64) {
        let track = tracker[slot]
        let (speed, now, clock) = (speed(under: track), now, clock)
        var usage = profiles[track.profile].usage(at: now, on: clock, speed: speed)
        if track.cpuSharePermille < 1_000 {
            usage.cpu = Int64(Int128(usage.cpu) * Int128(track.cpuSharePermille) / 1_000)
        }
        guard track.isFollowed, profiles[track.profile].leaks else { return usage }
        let machine = pressure[track.node - 1]
        guard let place = machine.place(of: slot) else { return usage }
        let middle = now + PodProfile.leakStep / 2
        for container in machine.pods[place].containers where container.isRunning && container.memory.growth > 0 {
            let grown = container.memory.value(at: middle) - container.memory.base
            usage.memory += min(grown, max(0, (container.limitMemory ?? .max) - container.memory.base))
        }
        return usage
    }

    /// What a pod is charged for: the greater of its request and, while it runs, of its usage.
    func heldAmounts(of slot: Int32) -> Costs.ResourceAmounts {
        let track = tracker[slot]
        let request = Costs.ResourceAmounts(
            cpuMilli: track.requestCPU, memoryBytes: track.requestMemory,
            gpuMilli: track.requestGPU * 1000 + profiles[track.profile].sharedGPUMilli)
        guard track.isUsing else { return request }
        let usage = usage(of: slot)
        return .max(request, Costs.ResourceAmounts(cpuMilli: usage.cpu, memoryBytes: usage.memory))
    }

    /// Counts and charges what a pod uses now.
    mutating func recount(_ slot: Int32) {
        let track = tracker[slot]
        if meters.isOn { meterUsage(of: slot) }
        guard profiles[track.profile].hasUsage else { return }
        let held = heldAmounts(of: slot)
        if let meter = track.meter { accounts.meter.updatePod(meter, holding: held, at: now) }
        guard track.state == .ready else { return }
        let usage = countedUsage(of: slot)
        let controller = Int(track.controller)
        guard demand.count >= controller else { return }
        demand[controller - 1].change(from: track.counted, to: usage, at: now)
        track.counted = usage
    }
}
