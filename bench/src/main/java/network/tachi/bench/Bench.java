package network.tachi.bench;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Runs one benchmark. Exit codes: 0 done, 1 failed or a number is not met, 2 wrong usage. */
@Command(
    name = "tachi bench",
    description = "Measures; docs/benchmarks.md says what the numbers mean.",
    synopsisSubcommandLabel = "BENCHMARK",
    subcommands = {
      BackfillBench.class,
      ReplayBench.class,
      LatencyBench.class,
      RollbackBench.class,
      HeadCallsBench.class,
      TakeoverBench.class,
      MicroBench.class,
      ReplayServerCommand.class,
      CommandLine.HelpCommand.class
    },
    mixinStandardHelpOptions = true)
public final class Bench implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Bench() {}

  /** Runs the benchmark that the arguments name, and exits with its code. */
  public static void main(String[] args) {
    System.exit(
        new CommandLine(new Bench())
            .setUsageHelpAutoWidth(true)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .execute(args));
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }
}
