import Chronology
import ControlPlane
import Costs
import KubernetesAPI
import Observations

/// What is paid for as long as it exists and is no machine: volumes and load balancers.
struct StandingDesk {
    /// One volume or load balancer.
    struct Asset {
        let kind: String
        let name: String
        let uid: UID
        /// The namespace of the Service, or of the claim that the volume is bound to; empty before there is one.
        var namespace: String
        /// The labels of a Service; nil for volumes.
        var labels: StringMap?
        /// The claim that a volume is bound to.
        var claim = ""
        /// What it costs an hour, times `scale`.
        var hourly: Int128
        let scale: Int128
        let since: Instant
        var until: Instant?
        /// From when on it costs that much.
        var pricedSince: Instant
        /// What it cost before, in parts that are not rounded yet.
        var accrued: Int128 = 0
        var written = NanoDollars.zero

        /// What it has cost by `now`, rounded down.
        func cost(at now: Instant) -> NanoDollars {
            NanoDollars(Int64(parts(at: now) / (scale * Int128(Duration.hours(1).nanoseconds))))
        }

        /// Costs `hourly` from now on.
        mutating func reprice(to hourly: Int128, at now: Instant) {
            accrued = parts(at: now)
            pricedSince = now
            self.hourly = hourly
        }

        private func parts(at now: Instant) -> Int128 {
            accrued + hourly * Int128(((until ?? now) - pricedSince).nanoseconds)
        }
    }

    /// In the order in which they came; those that are gone and written are left out.
    var assets: [Asset] = []
    var total = NanoDollars.zero
    /// The workload whose pod was bound last of those that use a claim, by namespace and name of the claim.
    var claimants: [String: Int32] = [:]
    /// The hours of a month as volumes are billed.
    static let monthHours: Int128 = 730
}

extension World {
    /// Begins to bill volumes and load balancers that have a price.
    mutating func openStanding() {
        guard setup.storagePerGiBMonth != nil || setup.loadBalancerPerHour != nil else { return }
        accounts.standing = StandingDesk()
    }

    /// Follows volumes and load balancers as they come and go.
    mutating func watchStanding(_ change: WatchEvent) {
        switch change {
        case .added(.pod(let pod)): noteClaims(of: pod)
        case .modified(.pod(let old), .pod(let pod)): if old.nodeName != pod.nodeName { noteClaims(of: pod) }
        case .added(.persistentVolume(let volume)):
            guard let price = setup.storagePerGiBMonth, Self.isBlockStorage(volume) else { return }
            open(
                AccountName.storage, volume.metadata, hourly: Self.hourly(volume, at: price),
                scale: StandingDesk.monthHours << 30)
            noteClaim(of: volume)
        case .modified(.persistentVolume(let old), .persistentVolume(let volume)):
            noteClaim(of: volume)
            if old.spec.capacity != volume.spec.capacity { reprice(volume) }
        case .deleted(.persistentVolume(let volume)): close(volume.metadata.uid)
        case .added(.service(let service)):
            if service.type == Self.loadBalancerType { openLoadBalancer(service) }
        case .modified(.service(let old), .service(let new)):
            if old.metadata.labels != new.metadata.labels { relabel(new) }
            guard old.type != new.type else { return }
            if old.type == Self.loadBalancerType { close(new.metadata.uid) }
            if new.type == Self.loadBalancerType { openLoadBalancer(new) }
        case .deleted(.service(let service)): close(service.metadata.uid)
        case .added, .modified, .deleted: break
        }
    }

    /// Remembers whose claims a pod uses that is on a node.
    private mutating func noteClaims(of pod: Pod) {
        guard !pod.spec.volumes.isEmpty, pod.nodeName != nil, let slot = tracker.slot(of: pod.metadata.uid) else {
            return
        }
        for volume in pod.spec.volumes {
            let name: String
            switch volume.source {
            case .persistentVolumeClaim(let claim): name = claim
            case .ephemeral: name = "\(pod.metadata.name)-\(volume.name)"
            case .hostPath, .emptyDir, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder, .rbd, .iscsi,
                .csi, .other:
                continue
            }
            accounts.standing?.claimants["\(pod.metadata.namespace)/\(name)"] = tracker[slot].controller
        }
    }

    private static func hourly(_ volume: PersistentVolume, at price: NanoDollars) -> Int128 {
        Int128(price.amount) * Int128(volume.spec.capacity.value)
    }

    /// Bills a volume by its new size from now on.
    private mutating func reprice(_ volume: PersistentVolume) {
        let uid = volume.metadata.uid
        guard let price = setup.storagePerGiBMonth,
            let place = accounts.standing?.assets.firstIndex(where: { $0.uid == uid && $0.until == nil })
        else { return }
        accounts.standing?.assets[place].reprice(to: Self.hourly(volume, at: price), at: now)
    }

    /// Remembers for whom a volume is.
    private mutating func noteClaim(of volume: PersistentVolume) {
        let (uid, spec) = (volume.metadata.uid, volume.spec)
        guard let namespace = spec.claimNamespace, let name = spec.claimName,
            let place = accounts.standing?.assets.firstIndex(where: { $0.uid == uid && $0.until == nil })
        else { return }
        accounts.standing?.assets[place].namespace = namespace
        accounts.standing?.assets[place].claim = "\(namespace)/\(name)"
    }

    private static let loadBalancerType = "LoadBalancer"

    /// Whether a provider bills a volume: what stands on a machine's own disk is paid with the machine.
    private static func isBlockStorage(_ volume: PersistentVolume) -> Bool {
        switch volume.spec.source {
        case .csi, .gcePersistentDisk, .awsElasticBlockStore, .azureDisk, .cinder: true
        case .persistentVolumeClaim, .ephemeral, .hostPath, .emptyDir, .rbd, .iscsi, .other: false
        }
    }

    private mutating func openLoadBalancer(_ service: Service) {
        guard let price = setup.loadBalancerPerHour else { return }
        open(AccountName.loadBalancer, service.metadata, hourly: Int128(price.amount), scale: 1)
        relabel(service)
    }

    /// Remembers by which labels a load balancer is told apart.
    private mutating func relabel(_ service: Service) {
        let uid = service.metadata.uid
        guard let place = accounts.standing?.assets.firstIndex(where: { $0.uid == uid && $0.until == nil }) else {
            return
        }
        accounts.standing?.assets[place].labels = service.metadata.labels
    }

    private mutating func open(_ kind: String, _ metadata: ObjectMeta, hourly: Int128, scale: Int128) {
        let name = metadata.namespace.isEmpty ? metadata.name : "\(metadata.namespace)/\(metadata.name)"
        accounts.standing?.assets.append(
            StandingDesk.Asset(
                kind: kind, name: name, uid: metadata.uid, namespace: metadata.namespace, hourly: hourly, scale: scale,
                since: now, pricedSince: now))
    }

    private mutating func close(_ uid: UID) {
        guard let place = accounts.standing?.assets.firstIndex(where: { $0.uid == uid && $0.until == nil }) else {
            return
        }
        accounts.standing?.assets[place].until = now
    }

    /// Writes what volumes and load balancers cost since the last settlement.
    mutating func settleStanding(from: Instant) {
        guard let desk = accounts.standing else { return }
        for (place, asset) in desk.assets.enumerated() {
            let cost = asset.cost(at: now)
            let amount = cost - asset.written
            guard amount > .zero else { continue }
            accounts.standing?.assets[place].written = cost
            accounts.standing?.total += amount
            let account = accounts.ledger.account(asset.kind)
            accounts.ledger.post(debit: account, credit: accounts.provider, amount: amount, at: now)
            let (begin, end) = (max(from, asset.since), asset.until ?? now)
            observer?.costAsset(
                CostAssetRow(
                    kind: asset.kind, node: -1, name: asset.name, from: begin, to: end, amount: amount.amount))
            let labels = asset.labels.map { labelText($0, in: asset.namespace) } ?? ""
            observer?.costAllocation(
                CostAllocationRow(
                    account: asset.kind, namespace: asset.namespace, node: -1,
                    controller: desk.claimants[asset.claim] ?? -1, pod: -1, from: begin, to: end, cpu: 0, memory: 0,
                    gpu: 0, other: amount.amount, labels: labels))
        }
        accounts.standing?.assets.removeAll { $0.until != nil }
    }
}
