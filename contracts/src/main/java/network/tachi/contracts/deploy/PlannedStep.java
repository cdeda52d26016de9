package network.tachi.contracts.deploy;

import java.util.Optional;
import network.tachi.chainconfig.ContractName;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;

/** One transaction of a deployment. */
public sealed interface PlannedStep {
  /** What it does, for people. */
  String title();

  /** Whom the transaction calls. */
  Address to();

  /** The transaction's data. */
  Bytes data();

  /**
   * Creates a contract.
   *
   * @param kind what others look it up as; empty for a part of another contract
   * @param name of the compiled contract
   * @param address where it will stand
   * @param data call data of the deterministic-deployment proxy
   */
  record Create(Optional<ContractName> kind, String name, Address address, Bytes data)
      implements PlannedStep {
    @Override
    public String title() {
      return name + " at " + address;
    }

    @Override
    public Address to() {
      return Create2Factory.ADDRESS;
    }
  }

  /**
   * Makes a setting of a contract.
   *
   * @param to which has the setting
   * @param setting {@code Contract.getter}
   * @param expected what it will be
   * @param data the call that sets it
   */
  record Set(Address to, String setting, Address expected, Bytes data) implements PlannedStep {
    @Override
    public String title() {
      return setting + " is " + expected;
    }

    /** The getter's name. */
    String getter() {
      return setting.substring(setting.indexOf('.') + 1);
    }
  }
}
