package import Chronology
import KubernetesAPI

/// One machine's memory, disk and processor, and the pods that share them.
///
/// A value without a clock: it is told what changes, says when something will come of it by itself (`next`), and what
/// (`kill`, `pass`). What the machine's own daemons use is what is kept from pods for them.
package struct NodePressure: Sendable {
    /// What happens next by itself.
    package enum Step: Hashable, Sendable {
        /// A container has reached its limit, or its pod's, or the machine is full: the kernel kills it.
        case kill(pod: Int32, container: Int32, isSystem: Bool)
        /// The kubelet looks at its machine.
        case pass
    }

    /// What a machine has.
    package struct Capacity: Hashable, Sendable {
        package var memory: Int64
        /// Bytes that the machine's own daemons use.
        package var systemMemory: Int64
        /// Bytes of the disk that images, logs, writable layers and volumes share; 0 when it is not known.
        package var disk: Int64
        /// Thousandths of a core that pods may use.
        package var cpu: Int64

        /// Creates a capacity.
        package init(memory: Int64, systemMemory: Int64 = 0, disk: Int64 = 0, cpu: Int64) {
            self.memory = memory
            self.systemMemory = systemMemory
            self.disk = disk
            self.cpu = cpu
        }
    }

    package let capacity: Capacity
    /// When the kubelet looks: at this time since the start, and after each period.
    package let phase: Duration
    package internal(set) var manager: EvictionManager
    /// In the order of arrival.
    package internal(set) var pods: [PodLoad] = []
    /// Bytes of images on the disk.
    package var imageBytes: Int64 = 0
    /// Bytes on the disk that belong to no pod and no image.
    package var strayBytes: Int64 = 0
    /// Whether the kubelet does not look.
    package var isKubeletHung = false
    var lastPass: Instant?
    /// Whether the latest pass could do nothing about what is met, and nothing has changed since.
    var isStuck = false
    var isContended = false

    /// Creates a machine without pods.
    package init(capacity: Capacity, phase: Duration, parameters: EvictionParameters) {
        self.capacity = capacity
        self.phase = phase
        manager = EvictionManager(parameters)
    }

    /// Returns what is free of memory and disk.
    package func observations(at now: Instant) -> EvictionObservations {
        EvictionObservations(
            memory: .init(available: max(0, memoryLimit - podMemory(at: now)), capacity: capacity.memory),
            disk: .init(available: max(0, capacity.disk - diskUse(at: now)), capacity: capacity.disk))
    }

    var memoryLimit: Int64 { capacity.memory - capacity.systemMemory }

    func podMemory(at now: Instant) -> Int64 { pods.reduce(0) { $0 + $1.memory(at: now) } }

    func diskUse(at now: Instant) -> Int64 { imageBytes + strayBytes + pods.reduce(0) { $0 + $1.disk(at: now) } }
}

// MARK: - What it is told

extension NodePressure {
    /// Returns the position of a pod.
    package func place(of id: Int32) -> Int? { pods.firstIndex { $0.id == id } }

    /// A pod comes to the machine.
    package mutating func add(_ pod: PodLoad) {
        pods.append(pod)
        isStuck = false
    }

    /// A pod leaves the machine.
    package mutating func remove(_ id: Int32) {
        guard let place = place(of: id) else { return }
        pods.remove(at: place)
        isStuck = false
    }

    /// Changes what a pod's containers use.
    package mutating func change(_ id: Int32, _ body: (inout PodLoad) -> Void) {
        guard let place = place(of: id) else { return }
        body(&pods[place])
        isStuck = false
    }

    /// A container's process runs from now on.
    package mutating func start(
        container: Int, of id: Int32, memory: GrowingAmount, disk: GrowingAmount, cpuWanted: Int64
    ) {
        change(id) { pod in
            guard pod.isMeasured, pod.containers.indices.contains(container) else { return }
            pod.containers[container].isRunning = true
            pod.containers[container].memory = memory
            pod.containers[container].disk = disk
            pod.containers[container].cpuWanted = cpuWanted
            // A volume keeps what was in it: the container goes on from there.
            if pod.containers[container].volume != nil {
                pod.containers[container].disk.base = max(disk.base, pod.kept[container])
                pod.kept[container] = 0
            }
        }
    }

    /// A container's process is gone; its logs and its writable layer go with it.
    package mutating func stop(container: Int, of id: Int32, at now: Instant) {
        change(id) { pod in
            guard pod.containers.indices.contains(container), pod.containers[container].isRunning else { return }
            if pod.containers[container].volume != nil {
                pod.kept[container] = pod.containers[container].disk.value(at: now)
            }
            pod.containers[container].isRunning = false
        }
    }

    /// The machine lost power, or its kubelet was restarted: what it remembered is gone.
    package mutating func forget() {
        manager = EvictionManager(manager.parameters)
        for place in pods.indices { pods[place].isEvicted = false }
        isStuck = false
    }

    /// Fills what is free of the disk with what belongs to nobody, or takes all of that away.
    package mutating func setDisk(isFull: Bool, at now: Instant) {
        strayBytes = 0
        if isFull { strayBytes = max(0, capacity.disk - diskUse(at: now)) }
        isStuck = false
    }
}

// MARK: - What happens by itself

extension NodePressure {
    /// Returns what happens next, not before `now`, if nothing else changes.
    package func next(notBefore now: Instant) -> (at: Instant, step: Step)? {
        var next: (at: Instant, step: Step)?
        func take(_ instant: Instant?, _ step: Step) {
            guard let instant, next.map({ instant < $0.at }) ?? true else { return }
            next = (instant, step)
        }
        var isGrowing = false
        for pod in pods where pod.isMeasured {
            if pod.isGrowing { isGrowing = true }
            for (index, container) in pod.containers.enumerated() where container.isRunning {
                guard let limit = container.limitMemory else { continue }
                take(
                    container.memory.reaches(limit, notBefore: now),
                    .kill(pod: pod.id, container: Int32(index), isSystem: false))
            }
            if let limit = pod.limitMemory { takePodKill(pod, limit, notBefore: now, &next) }
        }
        takeSystemKill(notBefore: now, isGrowing: isGrowing, &next)
        take(nextPass(notBefore: now, isGrowing: isGrowing), .pass)
        return next
    }

    private func takePodKill(
        _ pod: PodLoad, _ limit: Int64, notBefore now: Instant, _ next: inout (at: Instant, step: Step)?
    ) {
        var instant: Instant?
        if pod.memory(at: now) >= limit {
            instant = now
        } else if pod.isGrowing {
            instant = GrowthSearch.first(atLeast: limit, notBefore: now) { pod.memory(at: $0) }
        }
        guard let instant, next.map({ instant < $0.at }) ?? true, let victim = victim(among: [pod], at: instant)
        else { return }
        next = (instant, .kill(pod: victim.pod, container: victim.container, isSystem: false))
    }

    private func takeSystemKill(
        notBefore now: Instant, isGrowing: Bool, _ next: inout (at: Instant, step: Step)?
    ) {
        let limit = memoryLimit
        var instant: Instant?
        if podMemory(at: now) >= limit {
            instant = now
        } else if isGrowing {
            instant = GrowthSearch.first(atLeast: limit, notBefore: now) { podMemory(at: $0) }
        }
        guard let instant, next.map({ instant < $0.at }) ?? true, let victim = victim(among: pods, at: instant)
        else { return }
        next = (instant, .kill(pod: victim.pod, container: victim.container, isSystem: true))
    }

    /// Returns the container that the kernel kills; the earlier one among equals.
    private func victim(among pods: [PodLoad], at now: Instant) -> (pod: Int32, container: Int32)? {
        var worst: (badness: Int128, pod: Int32, container: Int32)?
        for pod in pods where pod.isMeasured {
            for (index, container) in pod.containers.enumerated() where container.isRunning {
                let adjustment = OOMScore.adjustment(
                    qosClass: pod.qosClass, isNodeCritical: pod.priority >= PodLoad.nodeCriticalPriority,
                    request: container.requestMemory, podRemainder: pod.memoryRemainder, capacity: capacity.memory)
                let memory = container.memory(at: now)
                guard memory > 0 else { continue }
                let badness = OOMScore.badness(memory: memory, adjustment: adjustment, capacity: capacity.memory)
                if worst.map({ badness > $0.badness }) ?? true { worst = (badness, pod.id, Int32(index)) }
            }
        }
        return worst.map { ($0.pod, $0.container) }
    }
}
