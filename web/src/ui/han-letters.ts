// Chinese letters for machines that have none, such as a wall screen: a browser fetches only the hundred or so that a page says.
import '@fontsource-variable/noto-sans-sc/wght.css'
