package network.tachi.app.demo;

import java.math.BigInteger;
import java.util.List;
import network.tachi.app.Console;
import network.tachi.chainconfig.ContractName;
import network.tachi.contracts.call.UsdcCalls;
import network.tachi.contracts.deploy.TxSender;
import network.tachi.contracts.web3j.Escrow;
import network.tachi.evm.Address;
import network.tachi.evm.Bytes;
import network.tachi.evm.Eip2612;
import network.tachi.evm.Eip3009;
import network.tachi.evm.Eip712;
import network.tachi.evm.Hash;
import network.tachi.evm.Keccak;
import network.tachi.evm.Signature;
import network.tachi.evm.UsdcAmount;
import network.tachi.evm.rpc.Receipt;

/** The three ways to deposit credit. */
final class Depositing {
  private static final UsdcAmount PURSE = UsdcAmount.of(5_000_000);
  private static final UsdcAmount DEPOSIT = UsdcAmount.of(2_000_000);
  private static final long AN_HOUR = 3_600;

  private final DemoWorld world;
  private final Console console;
  private final Address usdc;
  private final Address escrow;

  Depositing(DemoWorld world, Console console) {
    this.world = world;
    this.console = console;
    this.usdc = world.base().settings().usdc().address();
    this.escrow = world.base().address(ContractName.CREDIT_ESCROW);
  }

  /** Three crawlers with credit and some USDC left for single requests. */
  List<Actor> all() {
    return List.of(
        byApproval(crawler("one")), byAuthorization(crawler("two")), byPermit(crawler("three")));
  }

  private Actor crawler(String name) {
    Actor crawler = world.person("crawler " + name);
    world.give(crawler, PURSE);
    return crawler;
  }

  private Actor byApproval(Actor crawler) {
    TxSender sender = crawler.on(world.base());
    sender.send(usdc, UsdcCalls.approve(escrow, DEPOSIT));
    return deposited(
        crawler,
        sender.send(escrow, Escrow.deposit(crawler.address(), DEPOSIT)),
        "approve and deposit");
  }

  private Actor byAuthorization(Actor crawler) {
    Eip3009.Authorization authorization =
        new Eip3009.Authorization(
            crawler.address(),
            escrow,
            DEPOSIT,
            BigInteger.ZERO,
            BigInteger.valueOf(world.base().time() + AN_HOUR),
            Keccak.hash("deposit " + world.run()));
    Signature signature =
        crawler.signer().sign(Eip712.digest(usdcDomain(), authorization.receiveStructHash()));
    Receipt receipt =
        crawler
            .on(world.base())
            .send(
                escrow,
                Escrow.depositWithAuthorization(authorization, Bytes.of(signature.toBytes())));
    return deposited(crawler, receipt, "EIP-3009 authorisation");
  }

  private Actor byPermit(Actor crawler) {
    BigInteger nonce = world.base().usdc().nonces(crawler.address());
    BigInteger deadline = BigInteger.valueOf(world.base().time() + AN_HOUR);
    Hash permit =
        new Eip2612.Permit(crawler.address(), escrow, DEPOSIT.toBigInteger(), nonce, deadline)
            .structHash();
    Signature signature = crawler.signer().sign(Eip712.digest(usdcDomain(), permit));
    Receipt receipt =
        crawler
            .on(world.base())
            .send(
                escrow, Escrow.depositWithPermit(crawler.address(), DEPOSIT, deadline, signature));
    return deposited(crawler, receipt, "EIP-2612 permit");
  }

  private Hash usdcDomain() {
    return world.base().settings().usdc().domainSeparator(world.base().settings().chain());
  }

  private Actor deposited(Actor crawler, Receipt receipt, String how) {
    console.line(
        "  "
            + crawler.name()
            + " deposited "
            + DEPOSIT.toUsdcString()
            + " by "
            + how
            + " in "
            + receipt.transactionHash());
    console.line("    curl " + world.api() + "/v1/crawlers/" + crawler.address() + "/credit");
    return crawler;
  }
}
