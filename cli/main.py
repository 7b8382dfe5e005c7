"""The command `chuke`: finds the command that was asked for, loads only that, and turns refusals into exit statuses."""

import sys
from importlib.metadata import PackageNotFoundError, version

from cyclopts import App, CycloptsError

from cli.asking import SetUpMissing, WronglyAsked, language_of

DONE, FAILED, USAGE, SET_UP, REFUSED, NOT_FOUND, TRY_LATER = 0, 1, 2, 3, 4, 5, 75

# Name, where it is, what it is for: loaded when it is called, so that help stays light.
COMMANDS = (
    ("serve", "cli.serve:serve", "启动控制台、转运和 Prefect · start console, relay and Prefect"),
    ("demo", "cli.demo.run:demo", "演示城市：从入驻到出壳 · the demo city, from entry to graduation"),
    ("case", "cli.case:app", "个案 · cases: list, show, open, advance"),
    ("organization", "cli.organization:app", "组织、任职和收款账户 · organizations, posts, payee accounts"),
    ("assessment", "cli.assessment:app", "评审 · assessments: draw, appoint, declare, score, lock"),
    ("evaluator", "cli.evaluator:app", "专家库 · the pool of evaluators"),
    ("release", "cli.release:app", "结果批量发布 · releases of results"),
    ("award", "cli.award:app", "资助 · awards of public money"),
    ("offer", "cli.offer:app", "捐赠与开放资源 · donations and open resources"),
    ("purchase", "cli.purchase:app", "购买服务 · service purchase: catalogues, bids, evaluation"),
    ("star", "cli.star:app", "星级评定 · star rating"),
    ("grade", "cli.grade:app", "评估等级 · national grades"),
    ("fund", "cli.fund:app", "项目资金、预算、退款和追回 · programmes, budget lines, money back"),
    ("budget", "cli.budget:app", "预算的提请和批准 · the budget: proposals and approval"),
    ("delivery", "cli.delivery:app", "送达 · delivery: what must be served, receipts, proofs"),
    ("agreement", "cli.agreement:app", "协议签署 · agreements: sign as the other side, keep, record"),
    ("document", "cli.document:app", "文书 · papers: list, verify, void, reissue, reproduce, scrub"),
    ("template", "cli.template:app", "文书样式 · the pages of papers and their editions"),
    ("ledger", "cli.ledger:app", "台账 · the book: balance, check"),
    ("reconciliation", "cli.reconciliation:app", "银行对账 · bank statements: import, list, confirm"),
    ("process", "cli.process:app", "流程表 · the process tables: list, check, draw, diff"),
    ("division", "cli.division:app", "行政区划 · divisions: import, list"),
    ("centre", "cli.centre:app", "孵化中心 · the incubation centre"),
    ("payment", "cli.payment:app", "付款 · payments: batches, files, outcomes"),
    ("people", "cli.people:app", "人员和角色 · people and roles"),
    ("calendar", "cli.calendar:app", "工作日历 · the working-day calendar"),
    ("rules", "cli.rules:app", "规则 · the rules: list, propose, approve, withdraw"),
    ("timers", "cli.timers:app", "到期事项 · what time brings"),
    ("bulletin", "cli.bulletin:app", "统计简报 · bulletins of indicators"),
    ("errands", "cli.errands:app", "后续事项 · errands: list, retry"),
    ("relay", "cli.relay:relay", "只运行转运 · run the relay alone"),
    ("audit", "cli.audit:app", "审计日志 · the audit log: verify, seal"),
    ("invariants", "cli.invariants:invariants", "核对必须成立的事项 · check what must always hold"),
    ("doctor", "cli.doctor:doctor", "检查本机 · look at this machine"),
    ("db", "cli.db:app", "数据库 · the database: upgrade, status"),
    ("keys", "cli.keys:app", "加密个人信息的密钥 · keys of sealed personal fields"),
    ("seal", "cli.seal:app", "签章 · the seal: serve, status, enter, rotate"),
    ("token", "cli.token:app", "登录令牌 · sign-in tokens"),
    ("openapi", "cli.openapi:openapi", "接口说明 · the description of the interface"),
    ("config", "cli.config:app", "设置 · settings"),
    ("bench", "cli.bench:run", "测速 · measure speed"),
)


def _version() -> str:
    try:
        return version("chuke")
    except PackageNotFoundError:
        return "0"


def build() -> App:
    """The command line with every command by name; none of them is loaded yet."""
    app = App(
        name="chuke",
        help="出壳 Chuke：社区社会组织从入驻到出壳 · community organizations, from entry to graduation",
        version=_version,
        result_action="return_value",
    )
    for name, target, told in COMMANDS:
        app.command(target, name=name, help=told)
    return app


def run(tokens: list[str]) -> int:
    """Run one command line; answers the exit status.

    0 done, 1 failed, 2 asked wrongly, 3 the installation is not ready, 4 refused by state or policy, 5 not found,
    75 try again later.
    """
    try:
        result = build()(tokens, exit_on_error=False, print_error=True)
    except CycloptsError:
        return USAGE
    except WronglyAsked as error:
        print(error, file=sys.stderr)
        return USAGE
    except SetUpMissing as error:
        print(error, file=sys.stderr)
        return SET_UP
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        return FAILED
    except Exception as error:
        return _failed(error, tokens)
    return result if isinstance(result, int) else DONE


def _failed(error: Exception, tokens: list[str]) -> int:
    from services.calendar.rules import CalendarUnknown
    from services.errors import Refused, ServiceError

    if isinstance(error, CalendarUnknown):
        error = Refused("calendar.year_unknown", year=error.year)
    if not isinstance(error, ServiceError):
        raise error
    from cli.printing import show_refusal

    show_refusal(error, lang=language_of(tokens), as_json="--json" in tokens)
    return SET_UP if "database.newer_than_code" in error.codes else error.exit_status


def main() -> None:
    """The entry point of the installed command."""
    sys.exit(run(sys.argv[1:]))
