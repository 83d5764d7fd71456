import Foundation
import Testing

@Suite("What users do wrong ends with 2 and harms nothing")
struct UserMistakeTests {
    private static func folder() throws -> TemporaryFolder {
        let folder = try TemporaryFolder()
        try folder.write(SampleInput.web, to: "web.yaml")
        try folder.write(SampleInput.web, to: "app/web.yaml")
        return folder
    }

    private static let run = "orrery run web.yaml --machines 2xm6i.large --for 1h -q -o run.sqlite\n"

    @Test("a mistake is told, and every file stays as it was", arguments: UserMistake.all)
    func told(_ mistake: UserMistake) throws {
        let folder = try Self.folder()
        if mistake.script.contains("run.sqlite") {
            try #require(try OrreryProcess.script(Self.run, in: folder).status == 0)
        }
        let outcome = try OrreryProcess.script(mistake.script, in: folder)
        #expect(outcome.status == 2, "\(outcome.output)\(outcome.errors)")
        for word in mistake.words { #expect(outcome.errors.contains(word), "\(outcome.errors)") }
        #expect(!outcome.errors.contains("Error Domain"))
        #expect(try folder.data("app/web.yaml") == Data(SampleInput.web.utf8))
        if folder.exists("run.sqlite") {
            #expect(try OrreryProcess.script("orrery report run.sqlite", in: folder).status == 0)
        }
        #expect(outcome.output.isEmpty, "\(outcome.output)")
    }

    @Test(
        "what comes out of a pipe is read as a file is",
        arguments: [
            "orrery run <(cat web.yaml) --machines 2xm6i.large --for 1h --json",
            "cat web.yaml | orrery run /dev/stdin --machines 2xm6i.large --for 1h --json",
            "orrery validate <(cat web.yaml)",
            "orrery capacity plan <(cat web.yaml) --types m6i.large --for 1h",
        ])
    func pipes(_ script: String) throws {
        let outcome = try OrreryProcess.script(script, in: Self.folder())
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.output.contains("3") || outcome.output.contains("m6i.large"))
    }

    @Test("a pipe that fills up gets everything")
    func slowReader() throws {
        let script = """
            orrery run web.yaml --machines 2xm6i.large --for 1h -q -o run.sqlite
            orrery export run.sqlite -q > whole
            python3 -c 'import os; os.set_blocking(1, False); os.execv(os.environ["ORRERY"], ["orrery", "export", "run.sqlite", "-q"])' \
              | (sleep 1; cat) | cmp - whole && test $(stat -c %s whole) -gt 70000
            """
        let path = try OrreryProcess.binary().path
        let outcome = try OrreryProcess.script("export ORRERY='\(path)'\n" + script, in: Self.folder())
        #expect(outcome.status == 0, "\(outcome.output)\(outcome.errors)")
    }

    @Test("a pipe in a folder is passed over with a warning, a Kustomization as well")
    func passedOver() throws {
        let script = "mkfifo app/pipe.yaml; echo 'resources: [web.yaml]' > app/kustomization.yaml; orrery validate app"
        let outcome = try OrreryProcess.script(script, in: Self.folder(), limit: 30)
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("app/pipe.yaml: warning"))
        #expect(outcome.errors.contains("app/kustomization.yaml:1:1: warning"))
        #expect(outcome.output.hasPrefix("app: valid, 2 warnings"), "\(outcome.output)")
    }

    @Test(
        "a lost terminal stops a run in good order, unless nohup said that it does not matter",
        arguments: [("", ""), ("trap '' HUP; ", "alive\n")])
    func hangUp(_ before: String, _ told: String) throws {
        let script = """
            '\(try OrreryProcess.binary().path)' run web.yaml --machines 2xm6i.large --for 20000d -q -o run.sqlite & id=$!
            listens() { test $((16#$(awk '/SigCgt/ {print $2}' /proc/$id/status) & 16384)) -ne 0; }
            for try in $(seq 60); do if listens; then break; fi; sleep 0.5; done
            kill -HUP $id; sleep 3
            if kill -0 $id 2> /dev/null; then echo alive; kill -TERM $id; fi
            wait $id
            """
        let outcome = try OrreryProcess.script(before + script, in: Self.folder())
        #expect(outcome.status == 130, "\(outcome.errors)")
        #expect(outcome.output == told)
    }

    @Test("a price of a machine type that nobody sells is warned of; one bad report leaves the others")
    func warnings() throws {
        let script = """
            printf 'type,purchase,usd_per_hour\\nm6i.lage,on-demand,0.01\\n' > p.csv
            orrery run web.yaml --machines 2xm6i.large --for 1h -o run.sqlite --prices p.csv --zones mars
            mkdir reports; echo 'SELECT 1' > reports/bad.sql
            orrery report run.sqlite pods && ! orrery report run.sqlite bad > /dev/null
            """
        let outcome = try OrreryProcess.script(script, in: Self.folder())
        #expect(outcome.status == 0, "\(outcome.errors)")
        #expect(outcome.errors.contains("p.csv: warning: there is no machine type \"m6i.lage\""))
        #expect(outcome.errors.contains("m6i.large"))
        #expect(outcome.errors.contains("--zones: warning: aws has no zone \"mars\""))
        #expect(outcome.errors.contains("warning: bad.sql"))
    }
}
