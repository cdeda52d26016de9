package network.tachi.bench;

import java.util.concurrent.Callable;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The steps of a block's way, each alone, by JMH. */
@Command(
    name = "micro",
    header = "Measures the steps of indexing a block one by one, in microseconds a block.",
    mixinStandardHelpOptions = true)
final class MicroBench implements Callable<Integer> {
  @Parameters(
      arity = "0..1",
      paramLabel = "PATTERN",
      defaultValue = ".*",
      description = "Which of them, as a regular expression (all).")
  private String pattern = ".*";

  @Option(names = "--profiler", description = "A profiler of JMH, such as gc or stack.")
  private String profiler = "";

  @Override
  public Integer call() throws RunnerException {
    ChainedOptionsBuilder options =
        new OptionsBuilder()
            .include(BlockBenchmarks.class.getName() + "\\." + pattern)
            .jvmArgsAppend("--enable-native-access=ALL-UNNAMED", "-XX:+UseCompactObjectHeaders");
    if (!profiler.isEmpty()) {
      options.addProfiler(profiler);
    }
    return new Runner(options.build()).run().isEmpty() ? 1 : 0;
  }
}
