import Chronology
import ClusterStore
import ControlPlane
import Controllers
import KubernetesAPI
import Scheduler

// Each of these has a counterpart that ends it. They nest: what two faults hold down is well when both have let go.

// MARK: - Controllers

extension World {
    /// The names of all controllers, in the order in which they are served.
    package static let controllerNames = ControllerRegistry.all.map(\.name)

    /// The controllers called `names`, in the order of the registry; all when no name is given.
    private func hostIndices(_ names: [String]) -> [Int] {
        hosts.indices.filter { names.isEmpty || names.contains(hosts[$0].name) }
    }

    /// Ends the processes of controllers, between two requests of whatever they were doing: queues, timers and
    /// expectations are lost. Requests that have left arrive.
    mutating func crashControllers(_ names: [String] = []) {
        for index in hostIndices(names) {
            hosts[index].condition.downs += 1
            if hosts[index].condition.downs == 1 { hosts[index].crash(now: now) }
        }
    }

    /// Starts controllers again: they remember nothing, and list everything there is.
    mutating func restartControllers(_ names: [String] = []) {
        for index in hostIndices(names) {
            precondition(hosts[index].condition.downs > 0, "\(hosts[index].name) is not down")
            hosts[index].condition.downs -= 1
            guard hosts[index].condition.isUp else { continue }
            hosts[index].reconciler = ControllerRegistry.all[index].make()
            relist(index)
        }
    }

    /// Lets controllers hear what happens, but do nothing about it.
    mutating func pauseControllers(_ names: [String] = []) {
        for index in hostIndices(names) { hosts[index].condition.pauses += 1 }
    }

    /// Lets controllers work again.
    mutating func resumeControllers(_ names: [String] = []) {
        for index in hostIndices(names) {
            precondition(hosts[index].condition.pauses > 0, "\(hosts[index].name) is not paused")
            hosts[index].condition.pauses -= 1
            serve(index)
        }
    }

    /// Adds `drag` to every call of controllers from now on; a negative one takes it back.
    mutating func slowControllers(_ names: [String] = [], by drag: Duration) {
        for index in hostIndices(names) { hosts[index].condition.drag = hosts[index].condition.drag + drag }
    }

    /// Puts every key that is worth a look in line, as a controller does when it starts.
    private mutating func relist(_ index: Int) {
        let view = cache.view
        for kind in ObjectKind.allCases {
            for object in view.objects(of: kind, namespace: nil) {
                let change = WatchEvent.added(object)
                guard listeners(to: change) >> UInt32(index) & 1 == 1 else { continue }
                for key in hosts[index].reconciler.keys(for: change, in: view) { hosts[index].queue.add(key) }
            }
        }
        serve(index)
    }
}

// MARK: - Watches and the API server

extension World {
    /// Breaks the watch that all controllers share: what is on its way to them is lost, and so is what happens from now on.
    mutating func dropWatch() {
        condition.watchLosses += 1
        if condition.watchLosses == 1 { cache.breakWatch(losing: toWatchers.lose(~Self.schedulerBit)) }
    }

    /// Mends the watch: everything is listed anew, and the controllers are told what differs from what they knew.
    mutating func restoreWatch() {
        precondition(condition.watchLosses > 0, "the watch is not broken")
        condition.watchLosses -= 1
        guard condition.watchLosses == 0 else { return }
        for change in cache.relist() { tell(change, to: listeners(to: change)) }
        for index in hosts.indices where hosts[index].queue.count > 0 { serve(index) }
    }

    /// Lets the API server answer no request, so that nothing changes and watches have nothing to tell.
    mutating func stopAPIServer() { condition.apiServerDowns += 1 }

    /// Lets the API server answer again.
    mutating func startAPIServer() {
        precondition(condition.apiServerDowns > 0, "the API server is not down")
        condition.apiServerDowns -= 1
    }

    /// Adds `drag` to every request and to every change on its way to a watcher; a negative one takes it back.
    mutating func slowAPIServer(by drag: Duration) { delays.drag = delays.drag + drag }
}

// MARK: - The scheduler

extension World {
    /// Ends the scheduler's process: its queue, cache and bindings under way are lost. Requests that have left arrive.
    mutating func crashScheduler() {
        condition.schedulerDowns += 1
        guard condition.schedulerDowns == 1 else { return }
        toWatchers.lose(Self.schedulerBit)
        schedulerWakeAt = .never
        schedulerCycleAt = .never
        schedulerBusyUntil = now
        preemptions = Slab()
        requests.changeEach { request in
            switch request.sender {
            case .scheduler, .preparation:
                request.sender = .other
                condition.forgottenBindings += 1
            case .preemption: request.sender = .other
            case .kubelet, .other: break
            }
        }
        replaceScheduler()
    }

    /// Starts the scheduler again: it lists everything there is.
    mutating func restartScheduler() {
        precondition(condition.schedulerDowns > 0, "the scheduler is not down")
        condition.schedulerDowns -= 1
        guard condition.isSchedulerUp else { return }
        replaceScheduler()
        // Pods last: the caches are filled before the first of them is tried.
        for kind in ObjectKind.allCases.filter({ $0 != .pod }) + [.pod] {
            for object in api.objects(of: kind, namespace: nil) {
                let change = WatchEvent.added(object)
                if scheduler.wants(change) { scheduler.observe(change, now: now) }
            }
        }
        continueBindings()
        keepSchedulerGoing()
    }
}
