import Workloads

/// What requests add to what one pod uses.
struct ServiceLoad: Equatable {
    /// What it is on slow machines, whose processors take longer for the same.
    struct Slow: Equatable {
        /// In thousandths.
        let speed: Int64
        var cpu: Int64
    }

    /// Thousandths of a core, on a machine at full speed.
    var cpu: Int64 = 0
    /// By speed in order; empty where no machine is slow.
    var slow: [Slow] = []
    /// Bytes.
    var memory: Int64 = 0

    /// Returns the thousandths of a core on a machine of a speed; for one that no request has come to yet they follow from
    /// those at full speed, and are no more than a `limit`.
    func cpu(at speed: Int64, limit: Int64 = .max) -> Int64 {
        if speed == 1_000 { return cpu }
        return slow.first { $0.speed == speed }?.cpu ?? min(limit, cpu * 1_000 / max(1, speed))
    }

    /// Adds what requests to another service need.
    mutating func add(_ other: ServiceLoad) {
        for index in slow.indices { slow[index].cpu += other.cpu(at: slow[index].speed) }
        for entry in other.slow where !slow.contains(where: { $0.speed == entry.speed }) {
            slow.append(Slow(speed: entry.speed, cpu: cpu(at: entry.speed) + entry.cpu))
        }
        slow.sort { $0.speed < $1.speed }
        cpu += other.cpu
        memory += other.memory
    }
}

// MARK: - In the world

extension World {
    /// The thousandths of cores that all replicas of a service use for requests, and the requests in flight; or those of
    /// machines of one speed.
    func load(of index: Int, at speed: Int64? = nil) -> (cpu: Int64, inFlight: Double, count: Int64) {
        let (state, supply) = (traffic.states[index], traffic.supplies[index])
        let each = supply.listed > 0 ? (state.requests + state.retries) / Double(supply.listed) : 0
        var (cores, inside, count) = (0.0, 0.0, 0)
        for (replicas, admitted) in zip(supply.replicas, state.admitted) {
            if let speed, speed != replicas.speed { continue }
            let work = replicas.time(for: traffic.services[index].work.mean)
            // Under contention a pod wants more than it gets: what it gets is worked out from what it wants.
            let wanted = replicas.share < 1_000 ? each * work : admitted * work
            cores += Double(replicas.count) * min(wanted, Double(replicas.cores) / 1_000)
            inside += Double(replicas.count) * admitted
            count += replicas.count
        }
        return (Self.whole(cores * 1_000), inside * state.stay.mean, Int64(count))
    }

    /// Adds what requests use to the usage of the pods that answer them.
    mutating func chargeTraffic() {
        var loads: [(profile: Int32, load: ServiceLoad)] = []
        for index in traffic.services.indices {
            guard let load = loadOfEach(of: index) else { continue }
            var seen: [Int32] = []
            for place in traffic.listed[index] where traffic[place].isServing {
                let profile = traffic[place].profile
                if seen.contains(profile) { continue }
                seen.append(profile)
                if let known = loads.firstIndex(where: { $0.profile == profile }) {
                    loads[known].load.add(load)
                } else {
                    loads.append((profile, load))
                }
            }
        }
        loads.sort { $0.profile < $1.profile }
        let before = traffic.loads
        traffic.loads = loads
        for old in before where !loads.contains(where: { $0.profile == old.profile }) {
            setLoad(.init(), of: old.profile)
        }
        for new in loads { setLoad(new.load, of: new.profile) }
    }

    /// What each pod behind a service uses for its requests; nil when there is none.
    private func loadOfEach(of index: Int) -> ServiceLoad? {
        let all = load(of: index)
        guard all.count > 0 else { return nil }
        let bytes = Double(traffic.services[index].memoryPerRequest)
        var each = ServiceLoad(
            cpu: all.cpu / all.count, memory: Self.whole(all.inFlight * bytes / Double(all.count)))
        let slow = traffic.supplies[index].replicas.map(\.speed).filter { $0 < 1_000 }
        guard let fastest = slow.max() else { return each }
        for speed in slow.sorted() where each.slow.last?.speed != speed {
            let same = load(of: index, at: speed)
            each.slow.append(ServiceLoad.Slow(speed: speed, cpu: same.cpu / same.count))
        }
        let full = load(of: index, at: 1_000)
        each.cpu = full.count > 0 ? full.cpu / full.count : each.cpu(at: fastest) * fastest / 1_000
        return each
    }

    private mutating func setLoad(_ load: ServiceLoad, of profile: Int32) {
        guard profiles[profile].serviceLoad != load else { return }
        profiles[profile].serviceLoad = load
        applyUsage(of: profile)
    }
}
