package import Chronology
package import KubernetesAPI

// Counterpart: the kubelet's pod workers (pkg/kubelet/pod_workers.go, kuberuntime_manager.go, v1.36).
// Deliberate differences: the time between an event and the kubelet's notice of it (PLEG) is the caller's delay for
// statuses.

// MARK: - Pods come and go

extension MachineFleet {
    /// Gives a pod to a machine's kubelet, which sees it now.
    package mutating func assign(
        _ pod: Pod, plan: PodPlan, to node: NodeSlot, at now: Instant, into effects: inout [MachineEffect]
    ) -> PodSlot {
        let index = add(pod, plan: plan, node: node)
        if pod.status.phase.isTerminal {
            pods[index].stage = .finished
        } else if nodes[Int(node.index)].isOn {
            admit(index, at: now, into: &effects)
        }
        return slot(index)
    }

    mutating func add(_ pod: Pod, plan: PodPlan, node: NodeSlot) -> Int {
        let box = pod.specBox
        let images = plan.images.isEmpty ? internImages(of: box) : plan.images
        let containers =
            images.count == 1
            ? [ContainerRecord(image: images[0], run: plan.run(0))]
            : Array(unsafeUninitializedCapacity: images.count) { containers, count in
                for image in images {
                    containers.initializeElement(at: count, to: ContainerRecord(image: image, run: plan.run(count)))
                    count += 1
                }
            }
        let record = PodRecord(
            node: node.index, specBox: box, sandboxTime: plan.sandboxTime, isMeasured: plan.isMeasured,
            status: pod.status, containers: containers, needs: plan.needs,
            operatingSystem: pod.metadata.labels[NodeSurface.osLabel])
        let index: Int
        if let free = freePods.popLast() {
            index = Int(free)
            record.generation = pods[index].generation
            pods[index] = record
        } else {
            index = pods.count
            pods.append(record)
        }
        nodes[Int(node.index)].pods.append(Int32(index))
        return index
    }

    private mutating func internImages(of box: PodSpecBox) -> [Int32] {
        var images: [Int32] = []
        images.reserveCapacity(box.value.initContainers.count + box.value.containers.count)
        for container in box.value.initContainers { images.append(internImage(container.image)) }
        for container in box.value.containers { images.append(internImage(container.image)) }
        return images
    }

    /// Returns the numbers of a pod's images, init containers first, for the plans of other pods with the same spec.
    package func imageNumbers(of slot: PodSlot) -> [Int32] {
        position(of: slot).map { pods[$0].containers.map(\.image) } ?? []
    }

    mutating func beginSandbox(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        pods[pod].stage = .sandbox
        pods[pod].epoch &+= 1
        let time = Self.slowed(pods[pod].sandboxTime, at: nodes[Int(pods[pod].node)].speed)
        effects.append(.timer(at: now + time, timer(.sandbox, pod: pod)))
        watchDeadline(of: pod, at: now, into: &effects)
    }

    mutating func watchDeadline(of pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        if let seconds = pods[pod].specBox.value.activeDeadlineSeconds, let start = pods[pod].status.startTime {
            effects.append(.timer(at: max(now, start + .seconds(seconds)), timer(.deadline, pod: pod)))
        }
    }

    /// Replaces the plan of a container's coming run (or of its first one, before it started).
    package mutating func setRun(_ run: RunPlan, of slot: PodSlot, container: Int32) {
        guard let pod = position(of: slot), pods[pod].containers.indices.contains(Int(container)) else { return }
        pods[pod].containers[Int(container)].run = run
    }

    /// Forgets a pod whose object is gone. What still runs, or is just brought up, is stopped with the pod's own grace, as
    /// the kubelet does to a pod that vanishes; until then the machine keeps its place.
    package mutating func forget(_ slot: PodSlot, at now: Instant, into effects: inout [MachineEffect]) {
        guard let pod = position(of: slot), !pods[pod].isOrphan else { return }
        release(pod)
        guard nodes[Int(pods[pod].node)].isOn, pods[pod].isRunningAnything || pods[pod].isBusy else {
            free(pod, at: now, into: &effects)
            return
        }
        pods[pod].isOrphan = true
        if pods[pod].stage != .stopping {
            let grace = Duration.seconds(pods[pod].specBox.value.terminationGracePeriodSeconds)
            requestStop(pod, grace: grace, at: now, into: &effects)
        }
    }

    /// Gives a pod's place away; what still runs dies.
    mutating func free(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        if pods[pod].pull >= 0 { cancelPulls([pods[pod].pull], at: now, into: &effects) }
        for container in pods[pod].containers.indices where pods[pod].containers[container].phase == .running {
            recordEnd(of: container, of: pod, exitCode: 137, reason: "Error", at: now, into: &effects)
        }
        release(pod)
        imagesUnused(by: pod, at: now)
        let node = Int(pods[pod].node)
        nodes[node].pods.removeAll { $0 == Int32(pod) }
        scheduleImageGC(on: node, at: now, into: &effects)
        let gone = slot(pod)
        pods[pod].stage = .free
        pods[pod].generation &+= 1
        pods[pod].containers = []
        freePods.append(gone.index)
        tellPreemptors(of: gone, on: Int(pods[pod].node), at: now, into: &effects)
        tellShutdown(of: gone, on: Int(pods[pod].node), at: now, into: &effects)
    }

    /// Posts a pod's status if it changed and somebody is there to post it.
    mutating func post(_ pod: Int, at now: Instant, into effects: inout [MachineEffect]) {
        guard nodes[Int(pods[pod].node)].isOn, !pods[pod].isOrphan else { return }
        guard pods[pod].refreshStatus(at: now) || pods[pod].status.startTime == now else { return }
        effects.append(.status(slot(pod), pods[pod].status))
    }

    func timer(_ kind: MachineTimer.Kind, pod: Int) -> MachineTimer {
        MachineTimer(kind, slot: Int32(pod), generation: pods[pod].generation, epoch: pods[pod].epoch)
    }

    func timer(_ kind: MachineTimer.Kind, container: Int, of pod: Int) -> MachineTimer {
        MachineTimer(
            kind, slot: Int32(pod), generation: pods[pod].generation, container: Int32(container),
            epoch: pods[pod].containers[container].epoch)
    }
}

extension PodPlan {
    fileprivate func run(_ container: Int) -> RunPlan { container < runs.count ? runs[container] : RunPlan() }
}
