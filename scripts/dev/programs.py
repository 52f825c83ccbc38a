"""Which programs this repository's own tests start, beside the rehearsal's."""

from aks_flow.rehearsal.standins.programs.table import Program

TESTS = (
    Program("redis-server", "the app's own tests", server=True, package="redis-server"),
    Program("sshd", "a jump host", server=True, package="openssh-server"),
    Program("ssh-keygen", "a jump host's keys", package="openssh-client"),
    Program("chromium", "the pages, in a browser", package="chromium"),
    Program("npm", "axe, which finds what keeps people from using a page", package="npm"),
    Program("curl", "the page of an app of one's own", package="curl"),
    Program("ip", "networks of the tests' own", package="iproute2"),
    Program("iptables", "networks of the tests' own", package="iptables"),
    Program("mount", "small file systems, to be filled", package="mount"),
    Program("umount", "small file systems, to be filled", package="mount"),
    Program("pivot_root", "namespaces of the tests' own", package="util-linux"),
    Program("nsenter", "namespaces of the tests' own", package="util-linux"),
    Program("unshare", "namespaces of the tests' own", package="util-linux"),
)
