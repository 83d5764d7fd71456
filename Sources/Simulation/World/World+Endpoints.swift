import Chronology
import ClusterStore
import ControlPlane
import KubernetesAPI
import Machines
import Observations
import VirtualTime
import Workloads

// Kubernetes counterpart: the EndpointSlice controller and kube-proxy (v1.36), by what they come to.
// Deliberate differences: one delay stands for the controller, its write, the watch and kube-proxy's pace; every sender
// has the same list; a terminating pod gets nothing even when no other is ready (no fallback of KEP-1669).

extension World {
    /// Follows the Kubernetes Services that stand before services under traffic.
    mutating func watchService(_ change: WatchEvent) {
        let found: (service: Service, isThere: Bool)
        switch change {
        case .added(.service(let service)), .modified(_, .service(let service)): found = (service, true)
        case .deleted(.service(let service)): found = (service, false)
        case .added, .modified, .deleted: return
        }
        let (name, namespace) = (found.service.metadata.name, found.service.metadata.namespace)
        let services = traffic.services
        guard
            let index = services.firstIndex(where: {
                $0.backing == .service && $0.name == name && $0.namespace == namespace
            })
        else { return }
        traffic.selectors[index] = found.isThere && !found.service.selector.isEmpty ? found.service.selector : nil
        traffic.ports[index] = found.service.ports
        traffic.publishesNotReady[index] = found.service.publishesNotReady
        for slot in tracker.tracks.indices {
            guard let track = tracker.tracks[slot], track.key.namespace == namespace,
                let pod = api.pod(namespace: namespace, name: track.key.name)
            else { continue }
            matchEndpoint(Int32(slot), pod)
            followEndpoint(Int32(slot), pod)
        }
    }

    /// Brings the endpoint of a pod to the pod's present state.
    mutating func followEndpoint(_ slot: Int32, _ pod: Pod) {
        if !traffic.place(ofTrack: slot).isKnown { matchEndpoint(slot, pod) }
        guard let place = traffic.place(ofTrack: slot).place else { return }
        let hasServer = serverRuns(of: pod, at: place)
        let runs = hasServer && nodes[Int(traffic[place].node)].isOn
        if traffic[place].stoppedAt != nil {
            if !hasServer { settleStopped(place) }
        } else if traffic[place].isServing != runs {
            if !runs { loseInFlight(place) }
            traffic[place].isServing = runs
            traffic[place].isSilent = false
            traffic.touch(place)
            lookAtTraffic()
        }
        let state = tracker[slot].state
        for membership in traffic[place].memberships.indices {
            let entry = traffic[place].memberships[membership]
            let isThere = state == .ready || state == .unready || state == .terminating
            let isWanted =
                entry.isMeant && (state == .ready || traffic.publishesNotReady[entry.service] && isThere)
            if isWanted != entry.isWanted { want(isWanted, place, membership) }
        }
    }

    /// A pod is gone: nothing that it was at comes back.
    mutating func endpointDisappears(_ slot: Int32) {
        guard let place = traffic.place(ofTrack: slot).place else { return traffic.forget(track: slot) }
        if traffic[place].stoppedAt != nil { settleStopped(place) }
        if traffic[place].isServing {
            loseInFlight(place)
            traffic[place].isServing = false
            traffic.touch(place)
            lookAtTraffic()
        }
        traffic[place].stop = 0
        for membership in traffic[place].memberships.indices where traffic[place].memberships[membership].isWanted {
            want(false, place, membership)
        }
        traffic.forget(track: slot)
    }

    /// Whether the container of a pod runs that answers requests, and was started since its machine has power: whether
    /// others run beside it is the business of readiness.
    private func serverRuns(of pod: Pod, at place: Int32) -> Bool {
        guard pod.status.phase == .running, pod.status.containerStatuses.count == pod.spec.containers.count else {
            return false
        }
        let profile = traffic[place].profile
        let name = profiles[profile].containers[profiles[profile].server].name
        guard let status = pod.status.containerStatuses.first(where: { $0.name == name }),
            case .running(let startedAt) = status.state
        else { return false }
        return startedAt >= traffic[place].lostAt
    }

    // MARK: - Membership

    /// Finds the services that a pod on a machine serves.
    mutating func matchEndpoint(_ slot: Int32, _ pod: Pod) {
        let track = tracker[slot]
        guard track.node > 0 else { return }
        let named = profiles[track.profile].services
        let meant = traffic.services.indices.filter { index in
            let spec = traffic.services[index]
            guard spec.namespace == pod.metadata.namespace else { return false }
            switch spec.backing {
            case .service:
                return traffic.selectors[index].map { LabelSelector(matchLabels: $0).matches(pod.metadata.labels) }
                    ?? false
            case .workload: return named.contains(index)
            }
        }
        let known = traffic.place(ofTrack: slot).place
        if known == nil, meant.isEmpty { return traffic.leaveOut(track: slot) }
        findServer(of: track.profile, meant)
        let cores = profiles[track.profile].cpuLimit ?? max(1, nodes[Int(track.node) - 1].allocatable.cpu)
        let place: Int32
        if let known {
            place = known
            if traffic[place].cores != cores {
                traffic[place].cores = cores
                traffic.touch(place)
                lookAtTraffic()
            }
        } else {
            place = traffic.add(
                Endpoint(track: slot, profile: track.profile, node: track.node - 1, cores: cores))
        }
        for membership in traffic[place].memberships.indices {
            let service = traffic[place].memberships[membership].service
            traffic[place].memberships[membership].isMeant = meant.contains(service)
        }
        for service in meant where !traffic[place].memberships.contains(where: { $0.service == service }) {
            traffic[place].memberships.append(Endpoint.Membership(service: service))
        }
    }

    /// Finds which container answers the requests of the services that mean pods of a profile: one that the scenario names,
    /// or the one that opens the port to which the first of the Services sends them.
    private mutating func findServer(of profile: Int32, _ meant: [Int]) {
        guard profiles[profile].containers.count - profiles[profile].firstMain > 1,
            profiles[profile].serving?.isNamed != true,
            let index = meant.first(where: { traffic.services[$0].backing == .service }),
            let found = profiles[profile].container(behind: traffic.ports[index]), found != profiles[profile].server
        else { return }
        profiles[profile].serving = (found, false)
        if profiles[profile].serviceLoad != nil { applyUsage(of: profile) }
    }

    /// Sends the news that an endpoint is to get requests, or none, on its way to those who send them.
    private mutating func want(_ isWanted: Bool, _ place: Int32, _ membership: Int) {
        traffic.news += 1
        traffic[place].memberships[membership].isWanted = isWanted
        traffic[place].memberships[membership].news = traffic.news
        let delay = setup.parameters.endpointsPropagation.sample(&traffic.propagation)
        enqueue(.endpointNews, a: place, b: traffic.news, at: now + delay)
    }

    /// Those who send requests hear of an endpoint; news that was overtaken says nothing any more.
    mutating func endpointNewsArrives(_ place: Int32, news: Int64) {
        guard let endpoint = traffic.endpoints[Int(place)],
            let membership = endpoint.memberships.firstIndex(where: { $0.news == news })
        else { return }
        traffic.setListed(endpoint.memberships[membership].isWanted, place, membership: membership)
        traffic.removeIfForgotten(place)
        lookAtTraffic()
    }

    // MARK: - The end of a pod

    /// A kubelet begins to end a pod, or hastens its end: it takes requests until the preStop hook is over of the container
    /// that answers them.
    mutating func endpointIsToldToStop(_ pod: Pod, _ known: PodSlot) {
        guard let slot = tracker.slot(of: pod.metadata.uid), let place = traffic.place(ofTrack: slot).place,
            traffic[place].stoppedAt == nil
        else { return }
        let signal = fleet.signalTime(
            of: profiles[traffic[place].profile].server, of: known, gracePeriod: grace(of: pod), at: now)
        guard traffic[place].stop == 0 || signal < traffic[place].stopAt else { return }
        traffic.news += 1
        traffic[place].stop = traffic.news
        traffic[place].stopAt = signal
        enqueue(.endpointStop, a: place, b: traffic.news, at: signal)
    }

    /// A pod's processes got SIGTERM: what is in flight has until they end, and nothing new is taken.
    mutating func endpointStops(_ place: Int32, news: Int64) {
        guard let endpoint = traffic.endpoints[Int(place)], endpoint.stop == news, endpoint.stoppedAt == nil else {
            return
        }
        traffic[place].stoppedAt = now
        guard endpoint.isServing else { return }
        // A closure over the world would copy it.
        var amounts: [Double] = []
        for membership in endpoint.memberships {
            amounts.append(membership.isListed ? inFlight(membership.service) : 0)
        }
        traffic[place].inFlight = amounts
        traffic[place].isServing = false
        traffic.touch(place)
        lookAtTraffic()
    }

    /// The processes of a pod that took no more requests have ended: what took longer than that is lost.
    private mutating func settleStopped(_ place: Int32) {
        let endpoint = traffic[place]
        guard let stoppedAt = endpoint.stoppedAt, !endpoint.inFlight.isEmpty else { return }
        traffic[place].inFlight = []
        for (membership, amount) in zip(endpoint.memberships, endpoint.inFlight) where amount > 0 {
            let tail = traffic.states[membership.service].stay.tail((now - stoppedAt).inSeconds)
            lose(amount * tail, of: membership.service)
        }
    }

    // MARK: - Machines

    /// A machine lost its power: what was in flight on it is lost, and nobody tells those who send more.
    mutating func endpointsLosePower(_ node: Int32) {
        for place in traffic.endpoints.indices {
            guard let endpoint = traffic.endpoints[place], endpoint.node == node else { continue }
            let place = Int32(place)
            if endpoint.isServing { loseInFlight(place) }
            if endpoint.stoppedAt != nil { settleStopped(place) }
            traffic[place].isServing = false
            traffic[place].isSilent = true
            traffic[place].lostAt = now
            traffic.touch(place)
            lookAtTraffic()
        }
    }

    /// A machine is up again: it refuses what is sent to pods that do not run yet.
    mutating func endpointsHavePower(_ node: Int32) {
        for place in traffic.endpoints.indices where traffic.endpoints[place]?.node == node {
            traffic[Int32(place)].isSilent = false
            traffic.touch(Int32(place))
            lookAtTraffic()
        }
    }
}
