import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI

/// What the scripted kubelet of a replay remembers.
struct FakeKubelet {
    /// The kinds of action that are done one at a time.
    enum Kind {
        case ready, exit, term
    }

    struct Task {
        var kind: Kind
        var pod: UID
        var due: Instant
    }

    struct Track {
        var rule: KubeletRule
        var order: Int
        var hasStarted = false
        var isEnding = false
    }

    /// The least wait of a spaced action after it is due.
    static let afterDue = Duration.milliseconds(150)

    let rules: [KubeletRule]
    let gap: Duration
    var tracks: [UID: Track] = [:]
    var tasks: [Task] = []
    var downNodes: [String] = []
    /// Starts under way.
    var starting = 0
    var lastAction = Instant(nanoseconds: Int64.min / 4)
    var wakeAt = Instant.never
    private var asked: [Int]
    private var order = 0

    init(rules: [KubeletRule], gap: Duration) {
        self.rules = rules
        self.gap = gap
        asked = [Int](repeating: 0, count: rules.count)
    }

    /// Whether something is still to be done.
    var isBusy: Bool { starting > 0 || !tasks.isEmpty }

    /// Notes a pod in order of creation.
    mutating func created(_ uid: UID) {
        order += 1
        tracks[uid] = Track(rule: KubeletRule(), order: order)
    }

    /// Fixes the rule of a pod that starts.
    mutating func choose(_ pod: Pod, known: String) {
        for place in rules.indices where rules[place].fits(pod, known: known) {
            if let limit = rules[place].firstN {
                if asked[place] >= limit { continue }
                asked[place] += 1
            }
            tracks[pod.metadata.uid]?.rule = rules[place]
            return
        }
    }
}

// MARK: - What it does

extension ReplayCluster {
    func observeForKubelet(_ change: WatchEvent) {
        guard case .pod(let pod) = change.object else { return }
        switch change {
        case .added: if kubelet.tracks[pod.metadata.uid] == nil { kubelet.created(pod.metadata.uid) }
        case .modified: break
        case .deleted:
            kubelet.tasks.removeAll { $0.pod == pod.metadata.uid }
            return
        }
        handle(pod.metadata.uid)
    }

    /// Starts or ends a pod when that is due and its node is up.
    func handle(_ uid: UID) {
        guard let pod = pod(uid), let node = pod.nodeName, isUp(node), let track = kubelet.tracks[uid] else { return }
        if pod.isTerminating {
            guard !track.isEnding else { return }
            if !track.hasStarted { kubelet.choose(pod, known: trace.names.name(of: pod.key)) }
            kubelet.tracks[uid]?.isEnding = true
            kubelet.tasks.removeAll { $0.pod == uid }
            let grace = Duration.seconds(pod.metadata.deletionGracePeriodSeconds ?? 0)
            let length = min(kubelet.tracks[uid]?.rule.termination ?? .zero, grace)
            add(FakeKubelet.Task(kind: .term, pod: uid, due: now + length))
        } else if !track.hasStarted, !pod.status.phase.isTerminal {
            kubelet.choose(pod, known: trace.names.name(of: pod.key))
            kubelet.tracks[uid]?.hasStarted = true
            start(uid, at: now + (kubelet.tracks[uid]?.rule.start ?? .zero) + pace.start)
        }
    }

    func isUp(_ node: String) -> Bool { !kubelet.downNodes.contains(node) && view.node(node) != nil }

    /// Stops everything on a node, as when its kubelet dies.
    func stopKubelet(of node: String) {
        kubelet.downNodes.append(node)
        kubelet.tasks.removeAll { pod($0.pod)?.nodeName == node }
    }

    /// Takes up starts and deletions that came while the node was down.
    func resumeKubelet(of node: String) {
        kubelet.downNodes.removeAll { $0 == node }
        for pod in view.pods(onNode: node) {
            if !(kubelet.tracks[pod.metadata.uid]?.isEnding ?? true) || pod.isTerminating {
                kubelet.tracks[pod.metadata.uid]?.isEnding = false
                handle(pod.metadata.uid)
            }
        }
    }

    private func pod(_ uid: UID) -> Pod? {
        if case .pod(let pod)? = view.object(uid: uid) { pod } else { nil }
    }

    private func start(_ uid: UID, at due: Instant) {
        kubelet.starting += 1
        at(due) { [unowned self] in
            kubelet.starting -= 1
            guard var pod = pod(uid), !pod.isTerminating, let node = pod.nodeName, isUp(node),
                let rule = kubelet.tracks[uid]?.rule
            else { return }
            var containers = pod.status.containerStatuses
            if containers.isEmpty {
                containers = pod.spec.containers.map { ContainerStatus(name: $0.name) }
                for place in containers.indices { containers[place].restartCount = rule.restartCount }
            }
            if rule.hasImageError {
                for place in containers.indices { containers[place].state = .waiting(reason: "ImagePullBackOff") }
                pod.status.containerStatuses = containers
                write(pod)
                return
            }
            for place in containers.indices {
                containers[place].state = .running(startedAt: now)
                containers[place].started = true
            }
            pod.status.containerStatuses = containers
            pod.status.phase = .running
            if pod.status.startTime == nil { pod.status.startTime = now.wholeSecond }
            set(&pod, Condition.podReadyToStartContainers, .true)
            set(&pod, Condition.initialized, .true)
            setReady(&pod, false)
            let isOfJob = pod.metadata.controllerReference?.kind == "Job"
            let readyAfter = rule.readyAfter ?? (isOfJob ? .zero : .seconds(1))
            if !rule.isNeverReady, readyAfter == .zero { setReady(&pod, true) }
            write(pod)
            if !rule.isNeverReady, readyAfter > .zero {
                add(FakeKubelet.Task(kind: .ready, pod: uid, due: now + readyAfter))
            }
            if rule.exitCode != nil { add(FakeKubelet.Task(kind: .exit, pod: uid, due: now + rule.run)) }
        }
    }

    private func add(_ task: FakeKubelet.Task) {
        kubelet.tasks.append(task)
        wakeKubelet()
    }

    /// Plans the next spaced action.
    private func wakeKubelet() {
        guard let first = kubelet.tasks.map(\.due).min() else { return }
        let due = max(first + FakeKubelet.afterDue, kubelet.lastAction + kubelet.gap, now)
        guard due < kubelet.wakeAt else { return }
        kubelet.wakeAt = due
        at(due) { [unowned self] in
            guard kubelet.wakeAt == now else { return }
            kubelet.wakeAt = .never
            doNext()
            wakeKubelet()
        }
    }

    private func doNext() {
        guard kubelet.lastAction + kubelet.gap <= now else { return }
        func order(_ task: FakeKubelet.Task) -> Int { kubelet.tracks[task.pod]?.order ?? 0 }
        let ready = kubelet.tasks.indices.filter { kubelet.tasks[$0].due + FakeKubelet.afterDue <= now }
        guard
            let place = ready.min(by: {
                let (left, right) = (kubelet.tasks[$0], kubelet.tasks[$1])
                return order(left) != order(right) ? order(left) < order(right) : left.due < right.due
            })
        else { return }
        let task = kubelet.tasks.remove(at: place)
        guard var pod = pod(task.pod) else { return }
        kubelet.lastAction = now
        switch task.kind {
        case .ready:
            setReady(&pod, true)
            write(pod)
        case .exit: exit(pod, code: kubelet.tracks[task.pod]?.rule.exitCode ?? 0)
        case .term:
            let deletion = Action.delete(pod.key, uid: task.pod, gracePeriodSeconds: 0, propagation: nil)
            guard !pod.status.phase.isTerminal else {
                apply(deletion)
                break
            }
            end(&pod, code: kubelet.tracks[task.pod]?.rule.terminatedExitCode ?? 143)
            write(pod)
            // A second request, sent when the first is answered: controllers see both states.
            at(now + pace.kubeletRequest) { [unowned self] in apply(deletion) }
        }
    }

    /// Ends the pod's containers; they start again if the restart policy says so.
    func exit(_ pod: Pod, code: Int32) {
        var pod = pod
        let isFinal =
            switch pod.spec.restartPolicy {
            case .never: true
            case .onFailure: code == 0
            case .always: false
            }
        if isFinal {
            end(&pod, code: code)
            write(pod)
            return
        }
        for place in pod.status.containerStatuses.indices {
            pod.status.containerStatuses[place].lastTermination = terminated(code, pod.status.containerStatuses[place])
            pod.status.containerStatuses[place].state = .waiting(reason: "CrashLoopBackOff")
            pod.status.containerStatuses[place].restartCount += 1
            pod.status.containerStatuses[place].started = false
        }
        setReady(&pod, false)
        write(pod)
        let uid = pod.metadata.uid
        start(uid, at: now + (kubelet.tracks[uid]?.rule.restartBackoff ?? .seconds(1)))
    }

    private func end(_ pod: inout Pod, code: Int32) {
        pod.status.phase = code == 0 ? .succeeded : .failed
        setReady(&pod, false)
        if pod.status.containerStatuses.isEmpty {
            pod.status.containerStatuses = pod.spec.containers.map { ContainerStatus(name: $0.name) }
        }
        for place in pod.status.containerStatuses.indices {
            pod.status.containerStatuses[place].state = terminated(code, pod.status.containerStatuses[place])
            pod.status.containerStatuses[place].started = false
        }
    }

    private func terminated(_ code: Int32, _ container: ContainerStatus) -> ContainerState {
        var startedAt = now.wholeSecond
        if case .running(let start) = container.state { startedAt = start }
        return .terminated(
            exitCode: code, reason: code == 0 ? "Completed" : "Error", startedAt: startedAt.wholeSecond,
            finishedAt: now.wholeSecond)
    }

    /// Flips the Ready conditions of a pod.
    func setReady(_ pod: inout Pod, _ isReady: Bool) {
        for place in pod.status.containerStatuses.indices { pod.status.containerStatuses[place].ready = isReady }
        let reason = isReady ? "" : "ContainersNotReady"
        set(&pod, Condition.ready, isReady ? .true : .false, reason)
        set(&pod, Condition.containersReady, isReady ? .true : .false, reason)
    }

    private func set(_ pod: inout Pod, _ type: ConditionType, _ status: ConditionStatus, _ reason: String = "") {
        pod.status.conditions.set(Condition(type, status, reason: reason, at: now.wholeSecond))
    }

    /// Writes the pod's status, whatever was written in between.
    func write(_ pod: Pod) {
        var pod = pod
        pod.metadata.resourceVersion = 0
        apply(.updateStatus(.pod(pod)))
    }
}
