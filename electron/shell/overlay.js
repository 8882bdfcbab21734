import { WebContentsView } from 'electron';

import { SHELL_ORIGIN } from '../policy/origin.js';
import { registerOwnContents } from './own-contents.js';
import { webPreferences } from './web-preferences.js';
import { backgroundColor } from './window.js';

/** A shell page shown above the window's page, which stays unchanged underneath. */
export class Overlay {
  /**
   * @param {Pick<import('./window.js').MainWindow, 'window' | 'session' | 'app' | 'alive'>} main any window of ours
   * @param {string} page file in electron/pages/, optionally with a fragment
   * @param {(size: {width: number, height: number}) => Electron.Rectangle} place returns the bounds within the window
   */
  constructor(main, page, place) {
    this.main = main;
    this.page = page;
    this.place = place;
    /** @type {WebContentsView | null} */
    this.view = null;
    this.layOut = () => this.#layOut();
  }

  /** @returns {Electron.WebContents | null} */
  get contents() {
    return this.view ? this.view.webContents : null;
  }

  show() {
    if (this.view || !this.main.alive()) return;
    const { window, session, app } = this.main;
    const view = new WebContentsView({ webPreferences: webPreferences(session, app) });
    this.view = view;
    registerOwnContents(view.webContents);
    view.setBackgroundColor(backgroundColor());
    window.contentView.addChildView(view);
    window.on('resize', this.layOut);
    this.#layOut();
    // Rejects only if the view is already gone.
    view.webContents.loadURL(`${SHELL_ORIGIN}/${this.page}`).catch(() => {});
  }

  hide() {
    const { view } = this;
    this.view = null;
    if (!view || !this.main.alive()) return;
    this.main.window.removeListener('resize', this.layOut);
    this.main.window.contentView.removeChildView(view);
    view.webContents.close();
  }

  #layOut() {
    if (!this.view || !this.main.alive()) return;
    const { width, height } = this.main.window.getContentBounds();
    this.view.setBounds(this.place({ width, height }));
  }
}
