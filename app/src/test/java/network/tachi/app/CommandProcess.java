package network.tachi.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import network.tachi.testkit.Tools;

/** A command of {@code tachi} in a process of its own, as the launcher starts it. */
final class CommandProcess {
  private CommandProcess() {}

  /**
   * Starts a command; what it says goes to {@code <command>.out} in the state folder.
   *
   * @param state its {@code .tachi} folder
   * @param environment added to this process's
   */
  static Process start(Path state, Map<String, String> environment, String... arguments)
      throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(
        List.of(
            "--enable-native-access=ALL-UNNAMED",
            "-XX:MaxRAMPercentage=10",
            "-Dtachi.home=" + Tools.repository(),
            "-Dtachi.state=" + state,
            "-Dtachi.log=" + state.resolve("tachi.log"),
            "-cp",
            System.getProperty("java.class.path"),
            "network.tachi.app.Main"));
    command.addAll(List.of(arguments));
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(state.resolve(arguments[0] + ".out").toFile());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What a command said last. */
  static String said(Path state, String command) throws IOException {
    return Files.readString(state.resolve(command + ".out"));
  }
}
