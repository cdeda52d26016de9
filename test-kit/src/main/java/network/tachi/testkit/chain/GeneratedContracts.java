package network.tachi.testkit.chain;

import network.tachi.evm.Address;
import network.tachi.evm.Keccak;

/**
 * Where the contracts of a generated chain are.
 *
 * @param licenses CrawlLicense
 * @param payments PaymentProcessor
 * @param disputes DisputeResolver
 */
public record GeneratedContracts(Address licenses, Address payments, Address disputes) {
  /** The same addresses on every chain. */
  public static final GeneratedContracts DEFAULT =
      new GeneratedContracts(
          made("CrawlLicense"), made("PaymentProcessor"), made("DisputeResolver"));

  private static Address made(String name) {
    return Address.read(Keccak.hash("generated " + name).toBytes(), 12);
  }
}
