import Chronology
import Faults
import KubernetesAPI
import Machines

// Every effect has a beginning and an end. They nest: what two faults hold down is well when both have let go.

extension World {
    /// Begins what a strike does.
    mutating func begin(_ strike: FaultStrike, slot: Int32) {
        switch strike.effect {
        case .powerLoss: beginPowerLoss(strike, slot: slot)
        case .partition: for node in struck(strike) { cut(node) }
        case .kubeletHang: for node in struck(strike) { hangKubelet(node) }
        case .fullDisk: for node in struck(strike) { fillDisk(node, by: 1) }
        case .slowMachines(let permille): for node in struck(strike) { slowMachine(node, permille: permille) }
        case .reclaim(let plan): for node in struck(strike) { beginReclaim(node, plan, slot: slot) }
        case .maintenance(let plan): beginWave(struck(strike), plan, slot: slot)
        case .stockOut, .launchFailure, .slowLaunch: beginLaunchTrouble(slot)
        case .registryOutage: setRegistries(of: strike, areUp: false)
        case .slowRegistry, .registryLimit, .missingImages, .corruptImages:
            for trouble in troubles(of: strike) { fleet.begin(trouble, at: now, into: &effects) }
            carryOutEffects()
        case .badRollout(let revision): beginBadRollout(strike.chosen, revision, slot: slot)
        case .containerKill(let exitCode, let reason): killContainers(of: strike.chosen, exitCode, reason)
        case .controllerCrash: crashControllers(strike.chosen)
        case .slowControllers(let delay): slowControllers(strike.chosen, by: delay)
        case .lossOfWatch: dropWatch()
        case .outageOfAPIServer: stopAPIServer()
        case .slowAPIServer(let delay): slowAPIServer(by: delay)
        case .schedulerCrash: crashScheduler()
        case .metricsOutage: meters.outages += 1
        case .autoscalerOutage: autoscaling.outages += 1
        }
    }

    /// Ends what a strike does.
    mutating func end(_ strike: FaultStrike, slot: Int32) {
        switch strike.effect {
        case .powerLoss: endPowerLoss(strike, slot: slot)
        case .partition: for node in struck(strike) { mend(node) }
        case .kubeletHang: for node in struck(strike) { freeKubelet(node) }
        case .fullDisk: for node in struck(strike) { fillDisk(node, by: -1) }
        case .slowMachines(let permille): for node in struck(strike) { quickenMachine(node, permille: permille) }
        case .reclaim: for node in struck(strike) { replace(node) }
        case .maintenance, .containerKill: break
        case .stockOut, .launchFailure, .slowLaunch: endLaunchTrouble(slot)
        case .registryOutage: setRegistries(of: strike, areUp: true)
        case .slowRegistry, .registryLimit, .missingImages, .corruptImages:
            for trouble in troubles(of: strike) { fleet.end(trouble, at: now, into: &effects) }
            carryOutEffects()
        case .badRollout: endBadRollout(slot)
        case .controllerCrash: restartControllers(strike.chosen)
        case .slowControllers(let delay): slowControllers(strike.chosen, by: .zero - delay)
        case .lossOfWatch: restoreWatch()
        case .outageOfAPIServer: startAPIServer()
        case .slowAPIServer(let delay): slowAPIServer(by: .zero - delay)
        case .schedulerCrash: restartScheduler()
        case .metricsOutage: meters.outages -= 1
        case .autoscalerOutage: resumeAutoscalers()
        }
    }

    /// Whether people have to wait for the API server before they can do what a fault stands for.
    func waitsForAPIServer(_ effect: FaultEffect) -> Bool {
        if case .badRollout(let revision) = effect { revision.rollsOut && !condition.isAPIServerUp } else { false }
    }

    /// The key of what a strike calls `namespace/name`.
    static func key(_ kind: ObjectKind, _ name: String) -> ObjectKey? {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        return parts.count == 2 ? ObjectKey(kind, namespace: parts[0], name: parts[1]) : nil
    }

    private func struck(_ strike: FaultStrike) -> [Int32] { strike.nodes.compactMap { nodeByName[$0] } }

    // MARK: - Power

    private mutating func beginPowerLoss(_ strike: FaultStrike, slot: Int32) {
        // Nobody launches machines where it is dark; those that are there already are struck.
        if domain(of: slot) != nil { faults.launchTroubles.append(slot) }
        for node in struck(strike) { powerOff(node) }
    }

    private mutating func endPowerLoss(_ strike: FaultStrike, slot: Int32) {
        let isDomain = domain(of: slot) != nil
        // Before the machines boot, or it would seem dark to them.
        if isDomain { faults.launchTroubles.removeAll { $0 == slot } }
        for node in struck(strike) { powerOn(node) }
        if isDomain { endLaunchTrouble(slot) }
    }

    private func domain(of slot: Int32) -> FailureDomain? {
        faults.schedules[faults.open[slot].fault].spec.kind.scope.domain
    }

    // MARK: - Registries

    private func registries(of strike: FaultStrike) -> [String?] {
        strike.chosen.isEmpty ? [nil] : strike.chosen
    }

    private func troubles(of strike: FaultStrike) -> [SupplyTrouble] {
        guard let nature = Self.nature(of: strike.effect) else { return [] }
        return registries(of: strike).map { SupplyTrouble(nature, of: $0) }
    }

    private static func nature(of effect: FaultEffect) -> SupplyTrouble.Nature? {
        if case .slowRegistry(let delay, let permille) = effect { return .slow(delay: delay, permille: permille) }
        if case .registryLimit(let pulls, let window) = effect {
            return .limit(RegistrySetup.RateLimit(pulls: pulls, window: window))
        }
        if case .corruptImages(let partsPerMillion) = effect { return .corrupt(partsPerMillion: partsPerMillion) }
        return effect == .missingImages ? .missing : nil
    }

    private mutating func setRegistries(of strike: FaultStrike, areUp: Bool) {
        for name in registries(of: strike) {
            fleet.setRegistry(name, isUp: areUp, at: now, into: &effects)
            carryOutEffects()
        }
    }
}
