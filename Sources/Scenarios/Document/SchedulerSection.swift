import KubernetesAPI
import Scheduler
import Simulation

/// What a scenario says about the scheduler; nil where it says nothing.
struct SchedulerSection {
    /// A file with a KubeSchedulerConfiguration, relative to the scenario.
    var configuration: String?
    var mode: SchedulerConfiguration.Mode = .exhaustive
    var tieBreak: SchedulerConfiguration.TieBreak = .upstream136
    /// Which stream of the seed ties are drawn from.
    var tieBreakStream: UInt64 = 0
    /// Percent, 0 to 100; stands above what the configuration says.
    var percentageOfNodesToScore: Int64?
    /// Whether every profile schedules gangs, whatever it says.
    var schedulesGangs = false
}

/// Reads `scheduler` and `record`.
extension ScenarioReading {
    private enum ModeName: String, CaseIterable {
        case exhaustive, upstream
    }

    private enum TieBreakName: String, CaseIterable {
        case upstream136, upstream, seeded, first
    }

    func scheduler(_ reader: FieldReader) -> SchedulerSection {
        var section = SchedulerSection()
        if reader.has("configuration") { section.configuration = reader.requiredString("configuration") }
        let mode: ModeName? = reader.choice("mode")
        let tieBreak: TieBreakName? = reader.choice("tieBreak")
        switch mode {
        case .upstream?: section.mode = .upstream
        case .exhaustive?, nil: section.mode = .exhaustive
        }
        switch tieBreak {
        case .seeded?: section.tieBreak = .seeded
        case .first?: section.tieBreak = .first
        // The shorter name is that of earlier scenarios.
        case .upstream136?, .upstream?, nil: section.tieBreak = .upstream136
        }
        section.tieBreakStream = UInt64(reader.int64("tieBreakStream", in: 0...1_000_000) ?? 0)
        if section.tieBreakStream > 0, section.tieBreak != .seeded {
            reader.error("tieBreakStream", "no tie is drawn", expected: "tieBreak: seeded beside it")
        }
        section.schedulesGangs = reader.bool("gangs") ?? false
        section.percentageOfNodesToScore = reader.int64("percentageOfNodesToScore", in: 0...100)
        if section.percentageOfNodesToScore != nil, section.mode == .exhaustive {
            reader.error(
                "percentageOfNodesToScore", "it has no meaning when every node is looked at",
                expected: "mode: upstream beside it")
        }
        return section
    }

    /// Returns which attempts `record` wants to be kept in full.
    func record(_ reader: FieldReader) -> DecisionDetail {
        reader.read("schedulerDetail") { tree, path in
            switch tree.string {
            case "none"?: return DecisionDetail.none
            case "failed"?: return .failed
            case "all"?: return .all
            case let text?:
                if text.hasSuffix("%"), let share = share(tree, path: path, whole: 1_000_000) {
                    return .share(partsPerMillion: share)
                }
            case nil: break
            }
            if tree.string?.hasSuffix("%") != true {
                wrong(tree, path: path, expected: "one of none, failed, all, or a share such as 5%")
            }
            return nil
        } ?? .none
    }
}
