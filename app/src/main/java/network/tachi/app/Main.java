package network.tachi.app;

import java.io.PrintWriter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The one main class: hands each command line to its command. Exit codes: 0 done, 1 failed, 2 wrong
 * usage.
 */
@Command(
    name = "tachi",
    description =
        "Lets publishers be paid by the AI crawlers that read them, and lets anyone check the"
            + " bill.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      UpCommand.class,
      DemoCommand.class,
      DeployCommand.class,
      MigrateCommand.class,
      IndexerCommand.class,
      OracleCommand.class,
      GatewayCommand.class,
      QueryApiCommand.class,
      VerifyDomainCommand.class,
      CommandLine.HelpCommand.class
    },
    commandListHeading = "%nCommands:%n",
    footerHeading = "%nAlso, done by the launcher itself:%n",
    footer = {
      "  doctor  check this machine and say what is missing and how to get it",
      "  build   build what has changed",
      "  test    run all tests; ends with the total",
      "  bench   measure; ./tachi bench --help lists what there is",
      "",
      "Begin with: ./tachi up"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Main.Version.class)
public final class Main implements Runnable {
  @Spec
  @SuppressWarnings("NullAway.Init") // picocli sets it
  private CommandSpec spec;

  private Main() {}

  /** Runs one command and exits with its code. */
  public static void main(String[] args) {
    // The demo's domains are in no DNS; it asks the gateway for them by the Host header, as curl -H
    // does. Must be set before the first HTTP client is made.
    System.setProperty("jdk.httpclient.allowRestrictedHeaders", "host");
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setUsageHelpAutoWidth(true)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler(Main::wrongUsage)
        .setExecutionExceptionHandler(Main::failed);
  }

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** One line for a wrong option or argument, with the nearest right one. */
  private static int wrongUsage(ParameterException e, String[] args) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    StringBuilder hint = new StringBuilder();
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && !unmatched.getSuggestions().isEmpty()) {
      hint.append("; did you mean ")
          .append(String.join(" or ", unmatched.getSuggestions()))
          .append('?');
    }
    err.println(
        "tachi: "
            + firstLine(e.getMessage())
            + hint
            + " (see ./"
            + command.getCommandSpec().qualifiedName()
            + " --help)");
    return CommandLine.ExitCode.USAGE;
  }

  /**
   * One line for what the user can mend; anything else is a defect of ours and shows where it came
   * from.
   */
  private static int failed(Exception e, CommandLine command, CommandLine.ParseResult parsed)
      throws Exception {
    Optional<String> line = Failures.line(e);
    if (line.isEmpty()) {
      throw e;
    }
    command.getErr().println("tachi: " + line.get());
    return CommandLine.ExitCode.SOFTWARE;
  }

  private static String firstLine(@Nullable String message) {
    return message == null ? "failed" : message.lines().findFirst().orElse("failed");
  }

  /** The version of the build. */
  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      String version = Main.class.getPackage().getImplementationVersion();
      return new String[] {"tachi " + (version == null ? "development" : version)};
    }
  }
}
