package network.tachi.contracts.deploy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import network.tachi.evm.Address;

/**
 * What a deployment's parameters must keep, so that no window can be outrun. The contracts can't
 * check most of it, as each knows only its own part.
 */
public final class SafetyRules {
  /** Slots of the ledger's ring of pending headers. */
  private static final long RING_SLOTS = 64;

  private SafetyRules() {}

  /**
   * What is unsafe.
   *
   * @param epochLength the least time between two headers
   * @param money whether real money is at stake, so that no role may be one key alone
   * @return a sentence each; none if all is well
   */
  public static List<String> broken(
      DeploymentParameters parameters, Duration epochLength, boolean money) {
    List<String> broken = new ArrayList<>();
    windows(parameters.windows(), epochLength, broken);
    if (parameters.demandFee().isZero()) {
      broken.add("fee of a demand: expected more than 0, or asking costs nothing, found 0");
    }
    roles(parameters, broken);
    if (money) {
      separation(parameters, broken);
    }
    return broken;
  }

  private static void windows(Windows windows, Duration epochLength, List<String> broken) {
    Duration ring = epochLength.multipliedBy(RING_SLOTS);
    Duration twoWindows = windows.longestPending().multipliedBy(2);
    atLeastOneSecond("epoch length", epochLength, broken);
    atLeastOneSecond("window of a pending header", windows.pending(), broken);
    if (windows.longestPending().compareTo(windows.pending()) < 0) {
      broken.add(
          "longest window of a pending header: expected at least the window, "
              + windows.pending()
              + ", found "
              + windows.longestPending());
    }
    longer(
        RING_SLOTS + " slots of the ring x epoch length",
        ring,
        "two of the longest windows, or posting stops when headers wait",
        twoWindows,
        broken);
    Duration settled = windows.longestPending().plus(epochLength.multipliedBy(2));
    longer(
        "delay of a signer's revocation",
        windows.revokeDelay(),
        "the longest window + 2 epochs, or a debt made before it can be denied",
        settled,
        broken);
    longer(
        "thaw",
        windows.thaw(),
        "the longest window + 2 epochs, or credit leaves before its debts are final",
        settled,
        broken);
    longer("fallback of a thaw", windows.thawFallback(), "the thaw", windows.thaw(), broken);
    longer(
        "notice of a bond's withdrawal",
        windows.bondNotice(),
        "two of the longest windows, or the bond is gone before a challenge",
        twoWindows,
        broken);
    atLeastOneSecond("time to answer a demand", windows.demand(), broken);
    longer(
        "window of a pending header",
        windows.pending(),
        "three times to answer a demand, or there is no time to ask and to challenge what is shown",
        windows.demand().multipliedBy(3),
        broken);
    atLeastOneSecond("time to claim from a lost bond", windows.pot(), broken);
    longer(
        "delay of a signer configuration",
        windows.configDelay(),
        "the longest window, or new signers sign before the old ones' headers are final",
        windows.longestPending(),
        broken);
    if (!windows.hold().equals(windows.bucket().multipliedBy(2))) {
      broken.add(
          "hold: expected two buckets, "
              + windows.bucket().multipliedBy(2)
              + ", found "
              + windows.hold());
    }
    atLeastOneSecond("delay of a payout address", windows.payoutDelay(), broken);
    atLeastOneSecond("delay of a domain's replacement", windows.replacementDelay(), broken);
    atLeastOneSecond("delay of a recovery", windows.recoveryDelay(), broken);
    atLeastOneSecond("delay of a higher fee", windows.feeDelay(), broken);
    atLeastOneSecond("time to answer a dispute", windows.answer(), broken);
    atLeastOneSecond("time to escalate a dispute", windows.escalate(), broken);
    atLeastOneSecond("time to rule on a dispute", windows.rule(), broken);
  }

  private static void roles(DeploymentParameters parameters, List<String> broken) {
    notZero("admin", parameters.admin(), broken);
    notZero("registrar", parameters.registrar(), broken);
    notZero("arbiter", parameters.arbiter(), broken);
    notZero("fee recipient", parameters.feeRecipient(), broken);
    notZero("attestation key", parameters.signers().attestationKey(), broken);
    parameters.signers().signers().forEach(each -> notZero("signer", each, broken));
  }

  private static void separation(DeploymentParameters parameters, List<String> broken) {
    List<Address> signers = parameters.signers().signers();
    int threshold = parameters.signers().threshold();
    if (threshold < 2 || 2 * threshold <= signers.size()) {
      broken.add(
          "threshold: expected at least 2 and more than half of the "
              + signers.size()
              + " signers, found "
              + threshold);
    }
    List<Address> keys = new ArrayList<>(signers);
    keys.add(parameters.signers().attestationKey());
    keys.add(parameters.admin());
    keys.add(parameters.registrar());
    keys.add(parameters.arbiter());
    if (new HashSet<>(keys).size() < keys.size()) {
      broken.add(
          "admin, registrar, arbiter, attestation key and signers: expected an account of its own"
              + " for each, found one that has two roles");
    }
  }

  private static void longer(
      String what, Duration found, String than, Duration least, List<String> broken) {
    if (found.compareTo(least) <= 0) {
      broken.add(what + ": expected more than " + than + " (" + least + "), found " + found);
    }
  }

  private static void atLeastOneSecond(String what, Duration found, List<String> broken) {
    if (found.toSeconds() < 1) {
      broken.add(what + ": expected at least 1 s, found " + found);
    }
  }

  private static void notZero(String what, Address found, List<String> broken) {
    if (found.isZero()) {
      broken.add(what + ": expected an account, found the zero address");
    }
  }
}
