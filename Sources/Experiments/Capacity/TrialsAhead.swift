import Foundation

/// Tries sets of machines that are likely to be asked for, in processes of their own, while another is tried.
///
/// A set comes to the same wherever it is tried: what is found does not depend on how many are tried at a time.
package final class TrialsAhead {
    /// What a worker prints before what came of a set; other lines are remarks.
    private static let mark = "orrery-trial\t"

    private let program: SwarmWorker
    private let arguments: [String]
    private let count: Int
    private var idle: [LineProcess] = []
    private var busy: [(set: MachineSet, process: LineProcess)] = []
    /// Only looked up.
    private var known: [MachineSet: SetTrial] = [:]
    private var hasFailed = false

    /// Prepares `count` workers; `arguments` make the program one that calls `serve`.
    package init(program: SwarmWorker = .current, count: Int, arguments: [String]) {
        self.program = program
        self.count = count
        self.arguments = arguments
        // A worker that dies must not take us along when it is told of its next set.
        signal(SIGPIPE, SIG_IGN)
    }

    deinit { for process in idle + busy.map(\.process) { process.kill() } }

    /// Returns what came of a set that was tried ahead, or nil.
    func take(_ set: MachineSet) -> SetTrial? { known.removeValue(forKey: set) }

    /// Begins to try sets, the likeliest first.
    func begin(_ sets: [MachineSet]) {
        for set in sets where known[set] == nil && busy.count < count && !hasFailed {
            do {
                let process = try idle.popLast() ?? LineProcess(program: program, arguments: arguments)
                if process.write(Self.line(of: set)) { busy.append((set, process)) }
            } catch {
                // Without workers everything is tried here.
                hasFailed = true
            }
        }
    }

    /// Waits for everything that was begun; what ends its worker is not known, and will be tried once more.
    func collect() {
        let waiting = busy
        busy = []
        for (set, process) in waiting {
            var trial: SetTrial?
            while trial == nil, let line = process.readLine() {
                guard line.hasPrefix(Self.mark) else { continue }
                trial = try? JSONDecoder().decode(SetTrial.self, from: Data(line.utf8.dropFirst(Self.mark.utf8.count)))
            }
            known[set] = trial
            if trial == nil { process.kill() } else { idle.append(process) }
        }
    }

    private static func line(of set: MachineSet) -> String {
        set.parts.map { "\($0.offer):\($0.count)" }.joined(separator: " ")
    }

    /// Tries the sets that the lines of standard input name, until there are no more.
    package static func serve(_ search: PlanSearch, tell: (String) -> Void) {
        while let line = readLine(), line != LineProcess.farewell {
            let parts = line.split(separator: " ").compactMap { part -> MachineSet.Part? in
                let numbers = part.split(separator: ":").compactMap { Int($0) }
                guard numbers.count == 2, search.offers.indices.contains(numbers[0]) else { return nil }
                return MachineSet.Part(offer: numbers[0], count: numbers[1])
            }
            let trial = search.trial(of: MachineSet(parts, of: search.offers))
            guard let data = try? JSONEncoder().encode(trial) else { return }
            tell(mark + String(decoding: data, as: UTF8.self) + "\n")
        }
    }
}
