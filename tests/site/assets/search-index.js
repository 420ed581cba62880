// What the search box, Ask AI and the page for missing addresses know about the site.
window.searchIndex = [
  { title: 'What is Palette?', href: '/', text: 'Overview, how it works, every section of the documentation' },
  { title: 'Getting Started', href: '/getting-started/', text: 'First cluster, checklist, command line, sign in' },
  { title: 'Tutorials', href: '/tutorials/', text: 'Deploy an application on AWS, Azure or Google Cloud, update, clean up' },
  { title: 'Downloads', href: '/downloads/', text: 'Request an installer, edition, architecture, checksums' },
  { title: 'API Introduction', href: '/api/introduction/', text: 'Endpoints, authentication, errors, rate limits, sandbox' },
  { title: 'Release Notes', href: '/release-notes/', text: 'Features, improvements, fixes and deprecations of versions 4.6, 4.7 and 4.8' },
  { title: 'Security Bulletins', href: '/security-bulletins/', text: 'Known weaknesses, severity, affected versions, what to do' },
  { title: 'Architecture', href: '/architecture/', text: 'Management plane, workload plane, agents, sizing formula' },
  { title: 'Profiles', href: '/profiles/', text: 'Layers of a cluster, packs, values, versions of a profile' },
  { title: 'Deployment Modes', href: '/deployment-modes/', text: 'Hosted, dedicated, self-hosted, airgapped' },
  { title: 'Clusters', href: '/clusters/', text: 'Fleet table, health, nodes, capacity' },
  { title: 'Bring Your Own OS (BYOOS)', href: '/byoos/', text: 'Build and check an operating system image' },
  { title: 'Palette Dev Engine', href: '/devx/', text: 'Manifest editor, keyboard shortcuts' },
  { title: 'Virtual Machine Orchestrator', href: '/vm-management/', text: 'Start, stop and delete virtual machines' },
  { title: 'Workspaces', href: '/workspace/', text: 'Quota planner for CPU and memory, limits of a namespace' },
  { title: 'Packs List', href: '/integrations/', text: 'Networking, storage, monitoring and security packs' },
  { title: 'User & Role Management', href: '/user-management/', text: 'Permissions of viewer, editor and administrator, assign a role' },
  { title: 'Registries and Packs', href: '/registries-and-packs/', text: 'Registry types, anatomy of a pack' },
  { title: 'Security', href: '/security/', text: 'Principles, encryption, FIPS, report a weakness' },
  { title: 'Audit Logs', href: '/audit-logs/', text: 'Live log, who did what and when, retention' },
  { title: 'Self-Hosted Palette', href: '/enterprise-version/', text: 'Sizes, nodes, install' },
  { title: 'Palette VerteX', href: '/vertex/', text: 'The FIPS edition for regulated industries, what differs' },
  { title: 'Tenant Administration', href: '/tenant-settings/', text: 'Preferences, sign-in banner, session length' },
  { title: 'Automation', href: '/automation/', text: 'Command line, Terraform, API, pipelines' },
  { title: 'Troubleshooting', href: '/troubleshooting/', text: 'Nodes that do not join, images that do not pull, collect logs' },
  { title: 'Glossary', href: '/glossary-all/', text: 'Terms from agent to workspace' },
  { title: 'Compliance & Legal', href: '/legal-licenses/', text: 'Certificates, licenses, where to ask' },
  { title: 'Certification of Compliance', href: '/legal-licenses/compliance/', text: 'ISO 27001, SOC 2 Type II, FIPS 140-3, Joint Certification Program' },
  { title: 'Open Source Licenses', href: '/legal-licenses/oss-licenses-index/', text: 'Components and their licenses, Apache, MIT, BSD' },
  { title: 'Tags', href: '/tags/', text: 'All tags: compliance, soc2, fips' },
];

/** Pages that have every word, those with a match in the title first. */
window.searchPages = query => {
  const words = query.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
  if (!words.length) return [];
  const inTitle = page => words.filter(word => page.title.toLowerCase().includes(word)).length;
  return searchIndex
    .filter(page => words.every(word => `${page.title} ${page.text}`.toLowerCase().includes(word)))
    .sort((a, b) => inTitle(b) - inTitle(a));
};
