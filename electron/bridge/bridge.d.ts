/** What the preload puts on `window`, by page. */

interface DjdeskBridge {
  shell: 'electron';
  platform: string;
  version: string;
  /** An entry of the app's own in the menu, by its `message`. Returns the end of the subscription. */
  onMenu(message: string, callback: () => void): () => void;
  /** A native notification; false when the window has the focus and none was shown. */
  notify(note: { title: string; body: string; path: string }): Promise<boolean>;
  /** Opens an https: or mailto: address outside; false when it was refused. */
  openExternal(url: string): Promise<boolean>;
  openDataFolder(): Promise<boolean>;
  openLogs(): Promise<boolean>;
  /** `system`, `light` or `dark`: for the window itself, and for its next start. */
  setTheme(theme: string): Promise<void>;
  /** `system` or a language of the app: for the menu, dialogs and the shell's own pages. */
  setLanguage(language: string): Promise<void>;

  /** Updates of the app, for the page about them and for a badge. */
  updates: {
    state(): Promise<import('../shell/updates.js').UpdateState>;
    /** One of `UPDATE_ACTIONS`, some with a value. Resolves when it is over. */
    act(action: string, value?: string): Promise<void>;
    /** Returns the end of the subscription. */
    onChange(callback: (state: import('../shell/updates.js').UpdateState) => void): () => void;
  };

  // With "folders" in the app's `bridge`.
  /** The system's folder dialog; null when it was cancelled. */
  chooseFolder?(): Promise<string | null>;
  /** Files and folders dropped on the window, as real paths. Returns the end of the subscription. */
  onFolderDropped?(callback: (paths: string[]) => void): () => void;

  // With "files".
  /** The system's file dialog; `extensions` without dots, none for all files. Empty when it was cancelled. */
  chooseFiles?(how?: { extensions?: string[]; multiple?: boolean }): Promise<string[]>;
  /** A file of a kind in the app's `files` that was opened with it. Returns the end of the subscription. */
  onFileOpened?(callback: (path: string) => void): () => void;

  // With "exports".
  /** Shows a file of the exports folder in the file manager; false when there is no such file. */
  showExport?(name: string): Promise<boolean>;
  /**
   * To be called in a `dragstart` whose default is prevented: other programs are handed the file of that name in the
   * exports folder. On Windows and Linux it resolves when the drag is over; false when there is no such file.
   */
  dragExport?(name: string): Promise<boolean>;

  // With "recent".
  /** What was opened last, the newest first, at most 12: for File, Open Recent. `path` is that of a page, `folder` an absolute one on the disk. */
  setRecent?(entries: { label: string; path: string; folder?: string }[]): Promise<void>;
}

type ShellPageState = Omit<import('../backend/supervisor.js').Status, 'failure'> & {
  failure: (import('../backend/problem.js').Failure & { stageWords: string }) | null;
  stageWords: string;
  version: string;
};

interface DjdeskShellBridge {
  onState(callback: (state: ShellPageState) => void): () => void;
  getState(): Promise<ShellPageState>;
  retry(): Promise<void>;
  openLogs(): Promise<boolean>;
  copyDiagnostics(): Promise<boolean>;
  /** Asks for a place; `file` is '' when it was cancelled or did not work, `problem` says why. */
  exportDiagnostics(): Promise<{ file: string; problem: string }>;
  listBackups(): Promise<{ backups: import('../backend/data-tools.js').Backup[]; problem: string }>;
  /** What was in the way, or ''; then the app starts again. */
  restoreBackup(name: string): Promise<string>;
  /** Again, without background tasks. */
  startSafely(): Promise<void>;
  quit(): Promise<void>;
  /** While it is quitting: without waiting for anything. */
  quitNow(): Promise<void>;
  /** The message above the page goes until there is other trouble. */
  hideTrouble(): Promise<void>;
  /** End a server that is busy or silent; what it was doing is lost, and a fresh one comes. */
  endServer(): Promise<void>;
}

interface DjdeskHangBridge {
  wait(): Promise<void>;
  reload(): Promise<void>;
}

interface DjdeskPromptBridge {
  /** The answer to the page's prompt(), null when it was cancelled. */
  answer(value: string | null): Promise<void>;
}

interface DjdeskNoticeBridge {
  close(): Promise<void>;
}

interface DjdeskFindBridge {
  search(words: string, how: { forward: boolean; first: boolean }): Promise<void>;
  close(): Promise<void>;
  onResult(callback: (result: { current: number; total: number }) => void): () => void;
  onFocus(callback: () => void): () => void;
}

interface Window {
  /** The app's pages, in the window shell only. */
  djdesk?: DjdeskBridge;
  /** Pages of the shell only. */
  djdeskShell: DjdeskShellBridge;
  /** Pages of the shell only: a text in the language of the page. */
  djdeskText(text: string, values?: Record<string, string | number>): string;
  djdeskCatalogue: { app: string; language: string; messages: Record<string, string> };
  /** The error page only: its own part for the list of backups. */
  djdeskBackups: {
    show(place: HTMLElement, backups: import('../backend/data-tools.js').Backup[]): void;
    chosen(place: HTMLElement): string;
  };
  /** The message about a page that hangs only. */
  djdeskHang: DjdeskHangBridge;
  /** The window of a page's prompt() only. */
  djdeskPrompt: DjdeskPromptBridge;
  /** The strip that says what was refused only. */
  djdeskNotice: DjdeskNoticeBridge;
  /** The find bar only. */
  djdeskFind: DjdeskFindBridge;
}
