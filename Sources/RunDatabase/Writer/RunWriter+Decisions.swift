package import Observations
import Chronology
import GRDB

extension RunWriter {
    package func event(_ row: EventRow) {
        reach(row.at)
        let key = EventCounter.Key(
            object: number(of: row.object, in: .object), reason: number(of: row.reason, in: .reason),
            source: number(of: row.source, in: .source), isWarning: row.isWarning, message: row.message)
        countEvent(key, isStep: Self.steps.contains(row.reason), at: row.at.nanoseconds)
    }

    /// Events that say how something is from then on: of these it matters when each one came.
    private static let steps = ["SuccessfulRescale", "RecommendationChanged"]

    package func attempt(_ row: AttemptRow) {
        reach(row.last)
        let id = next(.attempt)
        let outcome = number(of: row.outcome, in: .outcome)
        let message = number(of: row.message, in: .attemptMessage)
        writeBatched({ $0.attempt }) { insert in
            insert.bind(id)
            insert.bind(row.pod)
            insert.bind(row.number)
            insert.bind(row.first.nanoseconds)
            insert.bind(row.last.nanoseconds)
            insert.bind(row.count)
            insert.bind(outcome)
            insert.bind(reference: row.node)
            insert.bind(row.evaluated)
            insert.bind(row.feasible)
            insert.bind(row.ties)
            insert.bind(row.score)
            insert.bind(row.waited.nanoseconds)
            insert.bind(message)
        }
        for rejection in row.rejections {
            let plugin = number(of: rejection.plugin, in: .plugin)
            let reason = number(of: rejection.reason, in: .refusal)
            let number = next(.rejection)
            writeBatched({ $0.rejection }) { insert in
                insert.bind(number)
                insert.bind(id)
                insert.bind(plugin)
                insert.bind(reason)
                insert.bind(rejection.nodes)
            }
        }
    }

    package func nodeVerdict(_ row: NodeVerdictRow) {
        reach(row.at)
        let id = next(.verdict)
        let plugin = number(of: row.plugin, in: .plugin)
        let reason = number(of: row.reason, in: .refusal)
        writeBatched({ $0.verdict }) { insert in
            insert.bind(id)
            insert.bind(row.pod)
            insert.bind(row.number)
            insert.bind(row.at.nanoseconds)
            insert.bind(reference: row.node)
            insert.bind(plugin)
            insert.bind(reason)
            insert.bind(row.total)
            insert.bind(row.isBest ? 1 : 0 as Int64)
            insert.bind(row.isChosen ? 1 : 0 as Int64)
        }
        for score in row.scores {
            let plugin = number(of: score.plugin, in: .plugin)
            let number = next(.score)
            writeBatched({ $0.score }) { insert in
                insert.bind(number)
                insert.bind(id)
                insert.bind(plugin)
                insert.bind(score.score)
            }
        }
    }

    package func imagePull(_ row: ImagePullRow) {
        let id = next(.imagePull)
        let image = number(of: row.image, in: .image)
        let outcome = number(of: row.outcome, in: .pullOutcome)
        writeBatched({ $0.imagePull }) { insert in
            insert.bind(id)
            insert.bind(row.node)
            insert.bind(image)
            insert.bind(row.bytes)
            insert.bind(row.cachedBytes)
            insert.bind(row.from.nanoseconds)
            insert.bind(row.to.nanoseconds)
            insert.bind(outcome)
            insert.bind(reference: row.pod)
            insert.bind(reference: row.version)
            insert.bind(row.cacheBytes)
            insert.bind(row.peerBytes)
            insert.bind(row.crossZoneBytes)
        }
    }

    package func imageVersion(_ row: ImageVersionRow) {
        let image = number(of: row.image, in: .image)
        writeBatched({ $0.imageVersion }) { insert in
            insert.bind(row.version)
            insert.bind(image)
            insert.bind(row.digest)
            insert.bind(row.bytes)
            insert.bind(row.firstAt.nanoseconds)
        }
    }

    package func containerImage(_ row: ContainerImageRow) {
        let id = next(.containerImage)
        let container = number(of: row.container, in: .container)
        writeBatched({ $0.containerImage }) { insert in
            insert.bind(id)
            insert.bind(row.pod)
            insert.bind(container)
            insert.bind(row.version)
            insert.bind(row.from.nanoseconds)
        }
    }

    package func fault(_ row: FaultRow) {
        write({ $0.fault }) { insert in
            insert.bind(row.fault)
            insert.bind(row.name)
            insert.bind(row.kind)
            insert.bind(row.target)
            insert.bind(row.from.nanoseconds)
            if row.to == .never { insert.bindNull() } else { insert.bind(row.to.nanoseconds) }
        }
    }

    package func checkpoint(_ row: CheckpointRow) {
        reach(row.at)
        reach(events: row.events)
        write({ $0.checkpoint }) { insert in
            insert.bind(row.events)
            insert.bind(row.at.nanoseconds)
            insert.bind(row.digest)
            insert.bind(row.trail)
        }
        countCheckpoint()
        onCheckpoint?(row)
    }

    package func branch(_ row: BranchRow) {
        perform { database in
            try database.execute(
                sql: "UPDATE parameter SET value = ? WHERE name = ?",
                arguments: [row.digest, "fork.\(row.number).digest"])
        }
        onBranch?(row)
    }

    package func metric(_ row: MetricRow) {
        let id = next(.metric)
        write({ $0.metric }) { insert in
            insert.bind(id)
            insert.bind(row.name)
            insert.bind(row.value)
            insert.bind(row.unit)
        }
    }

    package func assertion(_ row: AssertionRow) {
        let id = next(.assertion)
        write({ $0.assertion }) { insert in
            insert.bind(id)
            insert.bind(row.name)
            insert.bind(row.expected)
            insert.bind(row.actual)
            insert.bind(row.held ? 1 : 0 as Int64)
        }
    }
}
