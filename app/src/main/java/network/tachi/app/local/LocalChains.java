package network.tachi.app.local;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import network.tachi.app.Console;

/** The two chains of the local network, kept or lost together. */
final class LocalChains implements AutoCloseable {
  private static final String CLEAN = "chains.clean";

  /** What became of the chains of an earlier start. */
  enum Origin {
    /** There were none, or they were to be forgotten. */
    NEW,
    /** They still ran. */
    ADOPTED,
    /** They had been stopped in order and were loaded again. */
    LOADED,
    /** They were lost, so new ones were started. */
    LOST
  }

  private final RunFile run;
  private final List<LocalChain> chains;
  private final Origin origin;

  private LocalChains(RunFile run, List<LocalChain> chains, Origin origin) {
    this.run = run;
    this.chains = List.copyOf(chains);
    this.origin = origin;
  }

  /** Says, without starting anything, what {@link #start} will find. */
  static Origin look(LocalHome home, RunFile run, List<LocalChain.Spec> specs) {
    if (specs.stream().noneMatch(spec -> run.get(spec.key() + ".pid").isPresent())) {
      return Origin.NEW;
    }
    List<LocalChain> alive = adopt(run, specs);
    if (alive.size() == specs.size()) {
      return Origin.ADOPTED;
    }
    boolean saved =
        specs.stream().allMatch(spec -> Files.exists(LocalChain.stateFile(home, spec.key())));
    return alive.isEmpty() && saved && run.get(CLEAN).equals(Optional.of("true"))
        ? Origin.LOADED
        : Origin.LOST;
  }

  private static List<LocalChain> adopt(RunFile run, List<LocalChain.Spec> specs) {
    return specs.stream().flatMap(spec -> LocalChain.adopt(run, spec).stream()).toList();
  }

  static LocalChains start(
      LocalHome home,
      RunFile run,
      List<LocalChain.Spec> specs,
      Path anvil,
      Origin origin,
      Console console) {
    List<LocalChain> chains = new ArrayList<>();
    if (origin == Origin.ADOPTED) {
      chains.addAll(adopt(run, specs));
      console.step("adopted both chains of a start that was killed");
    } else {
      run.put(CLEAN, false).save();
      for (LocalChain.Spec spec : specs) {
        chains.add(LocalChain.start(home, run, spec, anvil));
        console.step(
            (origin == Origin.LOADED ? "loaded" : "started")
                + " chain "
                + spec.key()
                + " (id "
                + spec.chain()
                + ", port "
                + spec.port()
                + ")");
      }
    }
    return new LocalChains(run, chains, origin);
  }

  /** Ends what an earlier start left running and forgets its state. */
  static void forget(LocalHome home, RunFile run, List<LocalChain.Spec> specs) {
    for (LocalChain.Spec spec : specs) {
      LocalChain.stopLeftOver(run, spec.key());
      run.removeAll(spec.key() + ".");
    }
    run.put(CLEAN, false).save();
    LocalHome.delete(home.chains());
    home.create();
  }

  LocalChain get(int index) {
    return chains.get(index);
  }

  Origin origin() {
    return origin;
  }

  /** Stops both in order and notes it, so that the next start loads them. */
  @Override
  public void close() {
    boolean alive = chains.stream().allMatch(LocalChain::isAlive);
    chains.forEach(LocalChain::close);
    run.put(CLEAN, alive).save();
  }
}
