// commands.c - the commands there are.
#include "app/commands.h"

const Command commands[] = {
    { "serve", "answer requests and run jobs until told to stop",
      "usage: entrepot serve [--port N] [--host ADDRESS]\n\n"
      "SIGTERM or SIGINT stops it when what runs is answered; SIGUSR2 starts the program anew\n"
      "on the same socket, so that no connection is refused.\n",
      "port host", command_serve, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "tenant", "create and list companies, subscribe them to modules",
      "usage: entrepot tenant list\n"
      "       entrepot tenant create CODE --name NAME [--country GB] [--currency GBP]\n"
      "                [--zone Europe/London] [--language en] [--year-begins MONTH]\n"
      "                [--modules \"oms finance\"|\"*\"] [--host shop.example.com]\n"
      "       entrepot tenant subscribe CODE MODULE\n"
      "       entrepot tenant unsubscribe CODE MODULE\n",
      "name country currency zone language year-begins modules host", command_tenant,
      NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "user", "create staff users and let them into a company",
      "usage: entrepot user create LOGIN --name NAME --password-file FILE|-\n"
      "       entrepot user add LOGIN --tenant CODE --roles \"Owner\"\n"
      "       entrepot user password LOGIN --password-file FILE|-\n",
      "name password-file tenant roles", command_user, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "apikey", "make a key for a program",
      "usage: entrepot apikey NAME --tenant CODE --scopes \"oms.view inventory.view\"\n"
      "The key is printed once.\n",
      "tenant scopes", command_apikey, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "migrate", "bring all companies' tables to this version of the program",
      "usage: entrepot migrate [--tenant CODE] [--plan] [--contract]\n\n"
      "--plan only shows what would be done. --contract also does what the last version of the\n"
      "program could not live with.\n",
      "tenant plan contract", command_migrate, NEEDS_STORAGE },
    { "verify", "recompute every invariant and compare it with what is stored",
      "usage: entrepot verify [--tenant CODE]\n\nExits with 1 when it finds something.\n", "tenant",
      command_verify, NEEDS_STORAGE },
    { "job", "run what is due in a company now, and wait for it",
      "usage: entrepot job run [--tenant CODE]\n", "tenant", command_job,
      NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "import", "read a CSV, XLSX or JSON file into records",
      "usage: entrepot import ENTITY FILE [--tenant CODE] [--mapping JSON] [--check] [--stop]\n\n"
      "Columns are recognised by their headings; --mapping '{\"Art. no.\": \"sku\"}' says it.\n"
      "--check writes nothing. Refused rows end in a file, with the reason.\n",
      "tenant mapping check stop", command_import, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "export", "write all records of a kind to a file",
      "usage: entrepot export ENTITY FILE.csv|.xlsx|.json [--tenant CODE] [--fields a,b,c]\n",
      "tenant fields", command_export, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "backup", "write a company to one file, while it works",
      "usage: entrepot backup [--tenant CODE] [--to FILE]\n"
      "       entrepot backup --copy FILE [--tenant CODE]   a copy of its SQLite file\n"
      "       entrepot backup --check FILE                  read it to the end\n",
      "tenant to copy check", command_backup, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "restore", "make a company of a backup",
      "usage: entrepot restore FILE --as CODE [--name NAME]\n", "as name", command_restore,
      NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "demo", "found a company that has traded for some months, to look around in",
      "usage: entrepot demo [--tenant CODE] [--file FILE]\n", "tenant file", command_demo,
      NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "replay", "live through a file of real sales, and compare the books with it",
      "usage: entrepot replay FILE [--tenant CODE] [--threads N] [--refused FILE]\n"
      "       entrepot replay --compare FIGURES [--tenant CODE]\n\n"
      "FILE has the columns of the Online Retail data set (gzip or plain). The company is founded\n"
      "where it is not there yet; what broke off goes on where it was. FIGURES is what\n"
      "tools/replay_check.py makes of the same file.\n",
      "tenant threads refused compare", command_replay, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { "doctor", "look whether everything that is needed is there", "usage: entrepot doctor\n", "",
      command_doctor, NEEDS_STORAGE | NEEDS_LANGUAGES },
    { 0 },
};
