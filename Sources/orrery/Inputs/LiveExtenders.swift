import ArgumentParser
import Scenarios
import Scheduler

/// Decides whether a run may ask the extenders of its scheduler.
enum LiveExtenders {
    /// Returns what carries the calls, nil when there are none; ends with what is wrong when they may not be made.
    static func transport(
        for configuration: SchedulerConfiguration, isAllowed: Bool
    ) throws -> (any ExtenderTransport)? {
        let extenders = configuration.extenders
        guard !extenders.isEmpty else { return nil }
        guard isAllowed else {
            let names = extenders.map(\.urlPrefix).joined(separator: ", ")
            Console.error(
                "error: the scheduler's configuration names extenders (\(names)): a run that asks them depends on processes "
                    + "outside and cannot be replayed; say --live-extenders to run it all the same")
            throw Exit.badInput.code
        }
        let objections = extenders.compactMap { HTTPExtenderTransport.objection(to: $0) }
        guard objections.isEmpty else {
            for objection in objections { Console.error("error: \(objection)") }
            throw Exit.badInput.code
        }
        return HTTPExtenderTransport()
    }
}
