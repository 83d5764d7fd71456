import Chronology
import Faults
import KubernetesAPI
import Simulation

extension SwarmDraw {
    /// The longest that a strike lasts, in milliseconds.
    static let longestFault = 420_000

    /// Whether the seed has faults of a kind.
    func strikes(_ kind: any FaultKind.Type) -> Bool {
        var dice = dice("fault." + kind.name)
        return dice.hits(chance(of: kind))
    }

    /// In percent; more for what strikes something that the seed has.
    private func chance(of kind: any FaultKind.Type) -> Int {
        has(.verticals) && Self.strikesVerticals(kind) ? 60 : 30
    }

    /// What breaks: of all kinds that there are, those that the seed has, each a few times and in one of several ways.
    func faults() -> [ManifestTree] {
        FaultRegistry.kinds.flatMap { kind -> [ManifestTree] in
            var dice = dice("fault." + kind.name)
            guard dice.hits(chance(of: kind)) else { return [] }
            return (0..<dice.number(1...2)).compactMap { fault(kind, "\(kind.name.lowercased())-\($0 + 1)", &dice) }
        }
    }

    /// One fault, all of whose strikes have healed at the calm.
    private func fault(_ kind: any FaultKind.Type, _ name: String, _ dice: inout SwarmDice) -> ManifestTree? {
        // Some heal before anybody has noticed, some after everybody has reacted.
        let longest = dice.pick([500, 5_000, 45_000, 120_000, Self.longestFault])
        let length = Duration.milliseconds(Int64(dice.number(50...max(51, min(longest, milliseconds(calm) / 3)))))
        let last = milliseconds(calm) - milliseconds(length) - 1_000
        guard last > 2_000 else { return nil }
        var entries: [(String, ManifestTree?)] = [
            ("name", .text(name)), ("kind", .text(kind.name)), ("duration", .time(length)),
        ]
        entries += options(of: kind, &dice)
        // A machine that comes in place of another has a clock of its own: lifetimes of such kinds would never end.
        let replaces = kind.options.contains(.notice) || kind.options.contains(.drainTimeout)
        switch dice.number(0...(replaces ? 1 : 2)) {
        case 0:
            entries.append(("at", .time(moment(&dice, before: .milliseconds(Int64(last))))))
        case 1:
            let first = dice.number(0...last / 2)
            let period = dice.number(max(500, milliseconds(length) / 2)...max(501, last))
            entries.append(("at", .time(.milliseconds(Int64(first)))))
            entries.append(("every", .time(.milliseconds(Int64(period)))))
            entries.append(("limit", .number(Int64(min(5, (last - first) / period + 1)))))
        case _:
            // So many lifetimes and repairs that even the longest are over in time.
            let limit = dice.number(1...4)
            let high = last / limit - milliseconds(length)
            guard high > 1_000 else { return nil }
            entries.append(
                (
                    "lifetime",
                    .mapping([
                        (
                            "uniform",
                            .mapping([
                                ("low", .time(.milliseconds(Int64(dice.number(0...high / 2))))),
                                ("high", .time(.milliseconds(Int64(high)))),
                            ])
                        )
                    ])
                ))
            entries.append(("limit", .number(Int64(limit))))
        }
        entries.append(("target", target(of: kind.scope, &dice)))
        return .mapping(entries)
    }

    /// What a kind's options are, where a default would reach beyond the calm or a choice shows more.
    private func options(of kind: any FaultKind.Type, _ dice: inout SwarmDice) -> [(String, ManifestTree?)] {
        kind.options.compactMap { option in
            switch option {
            case .delay:
                guard let delay = kind.defaultDelay, dice.hits(60) else { return nil }
                return ("delay", .time(.milliseconds(Int64(dice.number(50...3 * milliseconds(delay))))))
            case .notice: return ("notice", .time(.seconds(Int64(dice.number(1...150)))))
            case .atATime: return ("atATime", .number(Int64(dice.number(1...3))))
            case .drainTimeout: return ("drainTimeout", .time(.seconds(Int64(dice.number(5...60)))))
            case .retry: return ("retry", .time(.seconds(Int64(dice.number(1...60)))))
            case .window: return ("window", .time(.seconds(Int64(dice.number(5...120)))))
            case .pulls: return ("pulls", .number(Int64(dice.number(1...20))))
            case .trouble: return ("trouble", .text(dice.pick(BadRevision.Trouble.allCases).rawValue))
            case .speed, .advice, .surge, .failing, .waits, .share, .revision, .leakPerHour: return nil
            }
        }
    }

    private func target(of scope: FaultScope, _ dice: inout SwarmDice) -> ManifestTree? {
        switch scope {
        case .nodes:
            return switch dice.number(0...3) {
            case 0: .mapping([("nodes", .sequence([.text(dice.pick(nodes))]))])
            case 1: .mapping([("count", .number(Int64(dice.number(1...2))))])
            case 2: .mapping([("zone", .text(dice.pick(zones)))])
            case _: nil
            }
        case .zones: return .mapping([("zone", .text(dice.pick(zones)))])
        case .controllers:
            return dice.hits(60) ? .mapping([("controller", .text(dice.pick(World.controllerNames)))]) : nil
        case .images:
            let app = dice.pick(workloads.map(\.name) + ["tools"])
            return .mapping([("repository", .text("\(Self.host)/\(app)"))])
        case .pods: return dice.hits(50) ? .mapping([("count", .number(Int64(dice.number(1...3))))]) : nil
        // Whatever else there is to strike is struck as a whole.
        case .racks, .regions, .launches, .registries, .deployments, .controlPlane: return nil
        }
    }

    private func milliseconds(_ duration: Duration) -> Int { Int(duration.nanoseconds / 1_000_000) }
}
